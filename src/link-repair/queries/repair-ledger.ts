import type { TenantTx } from '../../database/tenant-database';
import type { RepairState } from '../repair-state';

const COLUMNS = 'id, run_id, status, planned, applied, skipped, undone';

export async function insertRepair(
  tx: TenantTx,
  repair: { id: string; run_id: string; run_hash: string; plan_hash: string; planned: number; at: Date },
): Promise<void> {
  await tx.execute(
    `INSERT INTO migration.link_repairs
       (client_account_id, engagement_id, id, run_id, run_hash, plan_hash, status, planned, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'planned', $7, $8, $8)`,
    [repair.id, repair.run_id, repair.run_hash, repair.plan_hash, repair.planned, repair.at],
  );
}

/** Locks it until the end of the transaction: whoever goes on with a repair does so alone. */
export async function lockRepair(tx: TenantTx, id: string): Promise<RepairState | null> {
  const [repair] = await tx.rows<RepairState>(
    `SELECT ${COLUMNS} FROM migration.link_repairs
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3 FOR UPDATE`,
    [id],
  );
  return repair ?? null;
}

export async function updateRepair(tx: TenantTx, repair: RepairState, at: Date): Promise<void> {
  await tx.execute(
    `UPDATE migration.link_repairs
        SET status = $4, applied = $5, skipped = $6, undone = $7, updated_at = $8,
            finished_at = CASE WHEN $4 IN ('applied', 'undone') THEN $8::timestamptz END
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3`,
    [repair.id, repair.status, repair.applied, repair.skipped, repair.undone, at],
  );
}

/** The next units in the order of the plan, of about so many rows. */
export async function findNextUnits(
  tx: TenantTx,
  { repair_id, state, rows }: { repair_id: string; state: 'planned' | 'applied'; rows: number },
): Promise<{ first: number; last: number } | null> {
  const [next] = await tx.rows<{ first: number | null; last: number }>(
    `SELECT min(n.unit) AS first, max(n.unit) AS last
       FROM (SELECT c.unit FROM migration.link_repair_changes c
              WHERE c.client_account_id = $1 AND c.engagement_id = $2 AND c.repair_id = $3 AND c.state = $4
              ORDER BY c.unit LIMIT $5) n`,
    [repair_id, state, rows],
  );
  return next?.first == null ? null : { first: next.first, last: next.last };
}
