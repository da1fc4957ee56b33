import type { TenantTx } from '../../database/tenant-database';
import type { IdempotentRequest } from '../idempotent-request';
import type { WrittenAnswer } from '../written-answer';

/**
 * The key of a request that is done, with its answer. The caller holds the key's lock and found no such key, so one
 * that is there all the same is too old to count and is replaced.
 */
export async function insertDoneKey(
  tx: TenantTx,
  { key, fingerprint }: IdempotentRequest,
  { status, location, text }: WrittenAnswer,
  at: Date,
): Promise<void> {
  await tx.execute(
    `INSERT INTO migration.idempotency_keys
       (client_account_id, engagement_id, key, fingerprint, status, response_status, response_location, response_body,
        created_at, updated_at)
     VALUES ($1, $2, $3, $4, 'done', $5, $6, $7, $8, $8)
     ON CONFLICT ON CONSTRAINT pk_idempotency_keys DO UPDATE
       SET fingerprint = excluded.fingerprint, status = 'done', lease_owner = NULL, lease_expires_at = NULL,
           progress = NULL, response_status = excluded.response_status,
           response_location = excluded.response_location, response_body = excluded.response_body,
           created_at = excluded.created_at, updated_at = excluded.updated_at`,
    [key, fingerprint, status, location, text, at],
  );
}
