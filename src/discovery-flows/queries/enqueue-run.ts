import type { TenantTx } from '../../database/tenant-database';

/** Name of the job that advances a run by one slice. */
export const ADVANCE_RUN = 'advance_run';

export interface AdvanceRun {
  client_account_id: string;
  engagement_id: string;
  run_id: string;
}

/**
 * Queues the next slice of a run in the caller's transaction, so that a run and its job exist together or not at
 * all. The key makes it one waiting job per run; a job that a dead worker still locks is left behind by it.
 */
export async function enqueueRun(tx: TenantTx, run_id: string): Promise<void> {
  const payload: AdvanceRun = { ...tx.tenant, run_id };
  await tx.control(`SELECT graphile_worker.add_job($1, payload := $2, job_key := $3)`, [
    ADVANCE_RUN,
    JSON.stringify(payload),
    `run:${run_id}`,
  ]);
}
