import type { TenantTx } from '../../database/tenant-database';
import type { RunRequest } from '../discovery-run.entity';
import { type Lease, leaseExpiry, LeaseLostError } from '../lease';

/**
 * Those of its rows that have no fate stay pending. @returns what somebody has asked of the run, as long as there are
 * chunks left. @throws LeaseLostError when the lease is somebody else's by now.
 */
export async function failChunk(
  tx: TenantTx,
  lease: Lease,
  failure: { chunk: number; attempts: number; error: string; at: Date; giveBack: boolean },
): Promise<RunRequest | null> {
  const [run] = await tx.rows<{ requested: RunRequest | null }>(
    `WITH chunk AS (
       UPDATE migration.discovery_run_chunks
          SET status = 'failed', attempts = attempts + $7, error = $8, updated_at = $9
        WHERE client_account_id = $1 AND engagement_id = $2 AND run_id = $3 AND chunk = $6 AND status = 'pending'
       RETURNING run_id
     )
     UPDATE migration.discovery_runs r
        SET chunks_failed = r.chunks_failed + 1, stalls = 0, lease_expires_at = $10, updated_at = $9,
            lease_owner = CASE WHEN $11 THEN NULL ELSE r.lease_owner END
       FROM chunk
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = $3 AND r.id = chunk.run_id
        AND r.lease_owner = $4 AND r.attempt = $5 AND r.status = 'running'
     RETURNING CASE WHEN r.chunks_done + r.chunks_failed < r.chunks_total THEN r.requested END AS requested`,
    [
      lease.run_id,
      lease.owner,
      lease.attempt,
      failure.chunk,
      failure.attempts,
      failure.error,
      failure.at,
      leaseExpiry(failure.at),
      failure.giveBack,
    ],
  );
  if (!run) throw new LeaseLostError();
  return run.requested;
}
