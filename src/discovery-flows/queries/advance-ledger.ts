import type { TenantTx } from '../../database/tenant-database';
import type { RunRequest } from '../discovery-run.entity';
import { type Lease, leaseExpiry, LeaseLostError } from '../lease';
import type { FateCounts } from './count-fates';

interface Advance {
  chunk: number;
  counts: FateCounts;
  /** Whether the chunk is through with this; a chunk that had to be split advances in several steps. */
  ends: boolean;
  attempts: number;
  at: Date;
  /** Milliseconds of work since the ledger was last written. */
  active_ms: number;
  giveBack: boolean;
}

/**
 * The ledger's part of a chunk's transaction: the chunk's row, the run's totals, and the lease, renewed or given
 * back. Written last, so that the run's row is locked for a moment only.
 * @returns what somebody has asked of the run meanwhile, as long as there are chunks left.
 * @throws LeaseLostError when the lease or the chunk is somebody else's by now.
 */
export async function advanceLedger(
  tx: TenantTx,
  lease: Lease,
  { chunk, counts, ends, attempts, at, active_ms, giveBack }: Advance,
): Promise<RunRequest | null> {
  const [run] = await tx.rows<{ requested: RunRequest | null }>(
    `WITH chunk AS (
       UPDATE migration.discovery_run_chunks
          SET status = CASE WHEN $12 THEN 'committed' ELSE status END, created = created + $7, linked = linked + $7,
              duplicates = duplicates + $8, conflicts = conflicts + $9, rejected = rejected + $10,
              attempts = attempts + $13, error = NULL, updated_at = $11
        WHERE client_account_id = $1 AND engagement_id = $2 AND run_id = $3 AND chunk = $6 AND status = 'pending'
       RETURNING run_id
     )
     UPDATE migration.discovery_runs r
        SET created = r.created + $7, linked = r.linked + $7, duplicates = r.duplicates + $8,
            conflicts = r.conflicts + $9, rejected = r.rejected + $10, pending = r.pending - $7 - $8 - $9 - $10,
            chunks_done = r.chunks_done + CASE WHEN $12 THEN 1 ELSE 0 END, stalls = 0,
            active_ms = r.active_ms + $14, lease_expires_at = $15, updated_at = $11,
            lease_owner = CASE WHEN $16 THEN NULL ELSE r.lease_owner END
       FROM chunk
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = $3 AND r.id = chunk.run_id
        AND r.lease_owner = $4 AND r.attempt = $5 AND r.status = 'running'
     RETURNING CASE WHEN r.chunks_done + r.chunks_failed < r.chunks_total THEN r.requested END AS requested`,
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
      ends,
      attempts,
      Math.round(active_ms),
      leaseExpiry(at),
      giveBack,
    ],
  );
  if (!run) throw new LeaseLostError();
  return run.requested;
}
