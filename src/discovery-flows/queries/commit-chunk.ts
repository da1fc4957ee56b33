import type { TenantTx } from '../../database/tenant-database';
import { type Lease, leaseExpiry, LeaseLostError } from '../lease';
import type { FateCounts } from './count-fates';

/**
 * The ledger's part of a chunk's transaction: the chunk's row, the run's totals, and the lease, renewed or given
 * back. Written last, so that the run's row is locked for a moment only.
 * @throws LeaseLostError when the lease or the chunk is somebody else's by now.
 */
export async function commitChunk(
  tx: TenantTx,
  lease: Lease,
  chunk: number,
  counts: FateCounts,
  { at, giveBack }: { at: Date; giveBack: boolean },
): Promise<void> {
  const decided = await tx.execute(
    `WITH chunk AS (
       UPDATE migration.discovery_run_chunks
          SET status = 'committed', created = $7, linked = $7, duplicates = $8, conflicts = $9, rejected = $10,
              attempts = attempts + 1, error = NULL, updated_at = $11
        WHERE client_account_id = $1 AND engagement_id = $2 AND run_id = $3 AND chunk = $6 AND status = 'pending'
       RETURNING run_id
     )
     UPDATE migration.discovery_runs r
        SET created = r.created + $7, linked = r.linked + $7, duplicates = r.duplicates + $8,
            conflicts = r.conflicts + $9, rejected = r.rejected + $10, pending = r.pending - $7 - $8 - $9 - $10,
            chunks_done = r.chunks_done + 1, lease_expires_at = $12, updated_at = $11,
            lease_owner = CASE WHEN $13 THEN NULL ELSE r.lease_owner END
       FROM chunk
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = $3 AND r.id = chunk.run_id
        AND r.lease_owner = $4 AND r.attempt = $5 AND r.status = 'running'`,
    [
      lease.run_id,
      lease.owner,
      lease.attempt,
      chunk,
      counts.created,
      counts.duplicates,
      counts.conflicts,
      counts.rejected,
      at,
      leaseExpiry(at),
      giveBack,
    ],
  );
  if (decided !== 1) throw new LeaseLostError();
}
