import type { TenantTx } from '../../database/tenant-database';
import { type KeyLease, keyLeaseExpiry } from '../key-lease';

/**
 * Takes over the key of a request whose lease has ended. It waits for a step of its holder that is about to commit, and
 * then sees the lease and the progress as that step left them. Served by the primary key.
 * @returns null when the lease has not ended.
 */
export async function takeKeyOver(
  tx: TenantTx,
  { key, owner }: KeyLease,
  at: Date,
): Promise<{ progress: unknown } | null> {
  const [row] = await tx.rows<{ progress: unknown }>(
    `UPDATE migration.idempotency_keys
        SET lease_owner = $4, lease_expires_at = $5, updated_at = $6
      WHERE client_account_id = $1 AND engagement_id = $2 AND key = $3 AND status = 'running' AND lease_expires_at <= $6
      RETURNING progress`,
    [key, owner, keyLeaseExpiry(at), at],
  );
  return row ?? null;
}
