import type { TenantTx } from '../../database/tenant-database';

/** Far more than one request adds, so that a tenant's old keys only get fewer. */
const AT_ONCE = 100;

/**
 * Forgets some of the tenant's keys that were first used before `since`. It waits for nobody: what another request is
 * forgetting, or using anew, is left alone. Served by idx_idempotency_keys_tenant_created.
 */
export async function pruneKeys(tx: TenantTx, since: Date): Promise<void> {
  await tx.execute(
    `DELETE FROM migration.idempotency_keys k
      WHERE k.client_account_id = $1 AND k.engagement_id = $2
        AND k.key IN (SELECT o.key FROM migration.idempotency_keys o
                       WHERE o.client_account_id = $1 AND o.engagement_id = $2 AND o.created_at <= $3
                       ORDER BY o.created_at LIMIT $4
                         FOR UPDATE SKIP LOCKED)`,
    [since, AT_ONCE],
  );
}
