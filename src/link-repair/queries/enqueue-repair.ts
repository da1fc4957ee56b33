import type { TenantTx } from '../../database/tenant-database';

/** Name of the job that advances a repair by one slice. */
export const ADVANCE_REPAIR = 'advance_repair';

export interface AdvanceRepair {
  client_account_id: string;
  engagement_id: string;
  repair_id: string;
}

/** Queues the next slice in the caller's transaction; one waiting job for each repair. */
export async function enqueueRepair(tx: TenantTx, repair_id: string): Promise<void> {
  const payload: AdvanceRepair = { ...tx.tenant, repair_id };
  await tx.control(`SELECT graphile_worker.add_job($1, payload := $2, job_key := $3)`, [
    ADVANCE_REPAIR,
    JSON.stringify(payload),
    `repair:${repair_id}`,
  ]);
}
