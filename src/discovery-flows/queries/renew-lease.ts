import type { TenantTx } from '../../database/tenant-database';
import type { RunRequest } from '../discovery-run.entity';
import { type Lease, leaseExpiry, LeaseLostError } from '../lease';

/**
 * Gives a holder that is about to try again its full time. @returns what somebody has asked of the run.
 * @throws LeaseLostError when it holds the run no more.
 */
export async function renewLease(tx: TenantTx, lease: Lease, at: Date): Promise<RunRequest | null> {
  const [renewed] = await tx.rows<{ requested: RunRequest | null }>(
    `UPDATE migration.discovery_runs
        SET lease_expires_at = $6, updated_at = $7
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3
        AND lease_owner = $4 AND attempt = $5 AND status = 'running'
     RETURNING requested`,
    [lease.run_id, lease.owner, lease.attempt, leaseExpiry(at), at],
  );
  if (!renewed) throw new LeaseLostError();
  return renewed.requested;
}
