import type { TenantTx } from '../../database/tenant-database';
import type { Slice } from '../../http/page';
import type { RunConflict } from '../dto/run-conflict';

/** Rows of a run that are in conflict with an asset, in the order of the file. Served by idx_raw_import_run_conflicts. */
export async function listRunConflicts(
  tx: TenantTx,
  { run_id, limit, offset }: { run_id: string; limit: number; offset: number },
): Promise<Slice<RunConflict>> {
  const rows = await tx.rows<RunConflict>(
    `SELECT r.id AS raw_import_record_id, r.row_number, r.matched_asset_id, a.name AS asset_name,
            r.decision ->> 'rule' AS rule, (r.decision ->> 'candidates')::int AS candidates,
            r.decision ->> 'conflict_policy' AS conflict_policy, r.decision -> 'differences' AS differences
       FROM migration.raw_import_records r
       LEFT JOIN migration.assets a
         ON a.client_account_id = $1 AND a.engagement_id = $2 AND a.id = r.matched_asset_id
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.discovery_run_id = $3 AND r.fate = 'conflict'
      ORDER BY r.row_number LIMIT $4 OFFSET $5`,
    [run_id, limit, offset],
  );
  const [count] = await tx.rows<{ total: number }>(
    `SELECT count(*)::int AS total FROM migration.raw_import_records r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.discovery_run_id = $3 AND r.fate = 'conflict'`,
    [run_id],
  );
  return { rows, total: count?.total ?? 0 };
}
