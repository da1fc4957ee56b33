import type { TenantTx } from '../../database/tenant-database';
import { leaseExpiry } from '../lease';

/** Takes the lease from a holder that let it expire. @returns whether there was one to take. */
export async function releaseStalledRun(tx: TenantTx, run_id: string, at: Date): Promise<boolean> {
  const released = await tx.execute(
    `UPDATE migration.discovery_runs
        SET lease_owner = NULL, lease_expires_at = $4, updated_at = $5
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3
        AND status IN ('queued', 'running') AND lease_expires_at < $5`,
    [run_id, leaseExpiry(at), at],
  );
  return released === 1;
}
