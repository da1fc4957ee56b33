import type { TenantTx } from '../../database/tenant-database';
import { leaseExpiry } from '../lease';

/**
 * Queues a run that stood still. Its failed chunks, when there are any, are tried again: they are pending once more,
 * and what they had failed with is forgotten.
 */
export async function requeueRun(tx: TenantTx, { run_id, at }: { run_id: string; at: Date }): Promise<void> {
  await tx.execute(
    `WITH chunks AS (
       UPDATE migration.discovery_run_chunks
          SET status = 'pending', error = NULL, updated_at = $4
        WHERE client_account_id = $1 AND engagement_id = $2 AND run_id = $3 AND status = 'failed'
     )
     UPDATE migration.discovery_runs
        SET status = 'queued', requested = NULL, error = NULL, chunks_failed = 0, stalls = 0, lease_owner = NULL,
            lease_expires_at = $5, finished_at = NULL, updated_at = $4
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3`,
    [run_id, at, leaseExpiry(at)],
  );
}
