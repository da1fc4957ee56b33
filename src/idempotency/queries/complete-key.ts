import type { TenantTx } from '../../database/tenant-database';
import type { KeyLease } from '../key-lease';
import { KeyLostError } from '../key-lost.error';
import type { WrittenAnswer } from '../written-answer';

/**
 * Served by the primary key.
 * @throws KeyLostError when another request has taken over.
 */
export async function completeKey(
  tx: TenantTx,
  { key, owner }: KeyLease,
  { status, location, text }: WrittenAnswer,
  at: Date,
): Promise<void> {
  const completed = await tx.execute(
    `UPDATE migration.idempotency_keys
        SET status = 'done', lease_owner = NULL, lease_expires_at = NULL, progress = NULL, response_status = $5,
            response_location = $6, response_body = $7, updated_at = $8
      WHERE client_account_id = $1 AND engagement_id = $2 AND key = $3 AND status = 'running' AND lease_owner = $4`,
    [key, owner, status, location, text, at],
  );
  if (completed === 0) throw new KeyLostError();
}
