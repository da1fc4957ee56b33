import type { TenantTx } from '../../database/tenant-database';
import type { LinkRepair } from '../link-repair.entity';
import { repairDueAt } from '../repair-lease';

const COLUMNS = 'id, run_id, plan_hash, status, planned, applied, skipped, undone';

/** What is written of a repair while it is worked on. */
export type RepairLedger = Pick<
  LinkRepair,
  'id' | 'run_id' | 'plan_hash' | 'status' | 'planned' | 'applied' | 'skipped' | 'undone'
>;

interface NewRepair {
  id: string;
  run_id: string;
  run_hash: string;
  plan_hash: string;
  planned: number;
  at: Date;
  /** It is begun at once, and worked on by the service. */
  inBackground: boolean;
}

export async function insertRepair(tx: TenantTx, repair: NewRepair): Promise<void> {
  await tx.execute(
    `INSERT INTO migration.link_repairs
       (client_account_id, engagement_id, id, run_id, run_hash, plan_hash, status, planned, created_at, updated_at, due_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)`,
    [
      repair.id,
      repair.run_id,
      repair.run_hash,
      repair.plan_hash,
      repair.inBackground ? 'applying' : 'planned',
      repair.planned,
      repair.at,
      repair.inBackground ? repairDueAt(repair.at) : null,
    ],
  );
}

/** Locks it until the end of the transaction: whoever goes on with a repair does so alone. */
export async function lockRepair(tx: TenantTx, id: string): Promise<RepairLedger | null> {
  const [repair] = await tx.rows<RepairLedger>(
    `SELECT ${COLUMNS} FROM migration.link_repairs
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3 FOR UPDATE`,
    [id],
  );
  return repair ?? null;
}

/** The repair of the tenant that is being done or undone. */
export async function findLiveRepair(
  tx: TenantTx,
): Promise<{ id: string; run_id: string; in_background: boolean } | null> {
  const [repair] = await tx.rows<{ id: string; run_id: string; in_background: boolean }>(
    `SELECT id, run_id, due_at IS NOT NULL AS in_background FROM migration.link_repairs
      WHERE client_account_id = $1 AND engagement_id = $2 AND status IN ('applying', 'undoing') LIMIT 1`,
  );
  return repair ?? null;
}

/** What the service works on stays due until it has ended. */
export async function updateRepair(tx: TenantTx, repair: RepairLedger, at: Date): Promise<void> {
  await tx.execute(
    `UPDATE migration.link_repairs
        SET status = $4, applied = $5, skipped = $6, undone = $7, updated_at = $8, error = NULL,
            finished_at = CASE WHEN $4 IN ('applied', 'undone') THEN $8::timestamptz END,
            due_at = CASE WHEN due_at IS NOT NULL AND $4 NOT IN ('applied', 'undone') THEN $9::timestamptz END
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3`,
    [repair.id, repair.status, repair.applied, repair.skipped, repair.undone, at, repairDueAt(at)],
  );
}

/** From here on it is to be undone. */
export async function beginUndo(
  tx: TenantTx,
  { id, at, inBackground }: { id: string; at: Date; inBackground: boolean },
): Promise<void> {
  await tx.execute(
    `UPDATE migration.link_repairs
        SET status = 'undoing', updated_at = $4, finished_at = NULL, error = NULL, due_at = $5
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3`,
    [id, at, inBackground ? repairDueAt(at) : null],
  );
}

/** The database refuses to go on. What was done until now stays. */
export async function stopRepair(
  tx: TenantTx,
  { id, at, error }: { id: string; at: Date; error: string },
): Promise<void> {
  await tx.execute(
    `UPDATE migration.link_repairs
        SET status = 'stopped', updated_at = $4, finished_at = $4, due_at = NULL, error = $5
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3`,
    [id, at, error],
  );
}

/** @returns whether nobody has gone on with it meanwhile; then it is put off by a lease. */
export async function reclaimRepair(tx: TenantTx, id: string, at: Date): Promise<boolean> {
  const written = await tx.execute(
    `UPDATE migration.link_repairs SET due_at = $5
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3 AND due_at < $4`,
    [id, at, repairDueAt(at)],
  );
  return written > 0;
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
