import type { TenantTx } from '../../database/tenant-database';
import { type Lease, leaseExpiry, LeaseLostError } from '../lease';

/** Gives a holder that is about to try again its full time. @throws LeaseLostError when it holds the run no more. */
export async function renewLease(tx: TenantTx, lease: Lease, at: Date): Promise<void> {
  const renewed = await tx.execute(
    `UPDATE migration.discovery_runs
        SET lease_expires_at = $6, updated_at = $7
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3
        AND lease_owner = $4 AND attempt = $5 AND status = 'running'`,
    [lease.run_id, lease.owner, lease.attempt, leaseExpiry(at), at],
  );
  if (renewed !== 1) throw new LeaseLostError();
}
