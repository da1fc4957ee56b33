import type { TenantTx } from '../../database/tenant-database';
import { PLAN } from './plan-sql';
import { HASH_OF } from './summarise-plan';

/** Writes the plan down as it is now. @returns its hash, null where there was nothing to change. */
export async function insertChanges(
  tx: TenantTx,
  { repair_id, fillOnly }: { repair_id: string; fillOnly: boolean },
): Promise<{ plan_hash: string | null; rows: number }> {
  const [written] = await tx.rows<{ plan_hash: string | null; rows: number }>(
    `WITH ${PLAN}, written AS (
       INSERT INTO migration.link_repair_changes
         (client_account_id, engagement_id, repair_id, table_name, row_id, unit, rules, old, new)
       SELECT $1, $2, $4, p.table_name, p.id,
              dense_rank() OVER (ORDER BY p.table_name <> 'discovery_flows', p.unit), to_jsonb(p.rules), p.old, p.new
         FROM plan p
        WHERE NOT (p.overwrites AND $3)
       RETURNING table_name, row_id AS id, old, new
     )
     SELECT (${HASH_OF('written')}) AS plan_hash, (SELECT count(*)::int FROM written) AS rows`,
    [fillOnly, repair_id],
  );
  if (!written) throw new Error('a statement of scalar counts answers one row');
  return written;
}
