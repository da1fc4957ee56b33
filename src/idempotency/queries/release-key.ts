import type { TenantTx } from '../../database/tenant-database';
import type { KeyLease } from '../key-lease';

/**
 * Gives back the key of a request that failed: without progress it was never used, with progress the next request may
 * go on at once. Both wait for a step whose connection was lost while it committed, and decide by what it left. Served
 * by the primary key.
 */
export async function releaseKey(tx: TenantTx, { key, owner }: KeyLease, at: Date): Promise<void> {
  await tx.execute(
    `DELETE FROM migration.idempotency_keys
      WHERE client_account_id = $1 AND engagement_id = $2 AND key = $3 AND status = 'running' AND lease_owner = $4
        AND progress IS NULL`,
    [key, owner],
  );
  await tx.execute(
    `UPDATE migration.idempotency_keys
        SET lease_expires_at = $5, updated_at = $5
      WHERE client_account_id = $1 AND engagement_id = $2 AND key = $3 AND status = 'running' AND lease_owner = $4`,
    [key, owner, at],
  );
}
