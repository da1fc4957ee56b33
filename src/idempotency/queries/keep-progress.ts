import type { TenantTx } from '../../database/tenant-database';
import { type KeyLease, keyLeaseExpiry } from '../key-lease';
import { KeyLostError } from '../key-lost.error';

/**
 * Served by the primary key.
 * @throws KeyLostError when another request has taken over.
 */
export async function keepProgress(
  tx: TenantTx,
  { key, owner }: KeyLease,
  progress: object,
  at: Date,
): Promise<void> {
  const kept = await tx.execute(
    `UPDATE migration.idempotency_keys
        SET progress = $5, lease_expires_at = $6, updated_at = $7
      WHERE client_account_id = $1 AND engagement_id = $2 AND key = $3 AND status = 'running' AND lease_owner = $4`,
    [key, owner, JSON.stringify(progress), keyLeaseExpiry(at), at],
  );
  if (kept === 0) throw new KeyLostError();
}
