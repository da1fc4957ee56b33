import type { TenantTx } from '../../database/tenant-database';
import type { IdempotentRequest } from '../idempotent-request';
import { type KeyLease, keyLeaseExpiry } from '../key-lease';

/** The key of a request that begins, under its lease. As in insertDoneKey, a key that is there is too old to count. */
export async function insertRunningKey(
  tx: TenantTx,
  { key, fingerprint }: IdempotentRequest,
  { owner }: KeyLease,
  at: Date,
): Promise<void> {
  await tx.execute(
    `INSERT INTO migration.idempotency_keys
       (client_account_id, engagement_id, key, fingerprint, status, lease_owner, lease_expires_at, created_at, updated_at)
     VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $7)
     ON CONFLICT ON CONSTRAINT pk_idempotency_keys DO UPDATE
       SET fingerprint = excluded.fingerprint, status = 'running', lease_owner = excluded.lease_owner,
           lease_expires_at = excluded.lease_expires_at, progress = NULL, response_status = NULL,
           response_location = NULL, response_body = NULL, created_at = excluded.created_at,
           updated_at = excluded.updated_at`,
    [key, fingerprint, owner, keyLeaseExpiry(at), at],
  );
}
