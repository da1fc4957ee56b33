import type { TenantTx } from '../../database/tenant-database';
import { type Lease, leaseExpiry, LeaseLostError } from '../lease';

/** Gives the run back between two steps of a chunk. @throws LeaseLostError when it is somebody else's by now. */
export async function releaseLease(tx: TenantTx, lease: Lease, at: Date): Promise<void> {
  const released = await tx.execute(
    `UPDATE migration.discovery_runs
        SET lease_owner = NULL, lease_expires_at = $6, updated_at = $7
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3
        AND lease_owner = $4 AND attempt = $5 AND status = 'running'`,
    [lease.run_id, lease.owner, lease.attempt, leaseExpiry(at), at],
  );
  if (released !== 1) throw new LeaseLostError();
}
