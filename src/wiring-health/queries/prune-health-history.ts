import type { TenantTx } from '../../database/tenant-database';

/** Hours that one transaction deletes at most: a tenant adds one an hour, so whatever there is too much goes soon. */
const MOST = 100;

/** Deletes hours of the tenant that are older than this, the oldest first, by uq_wiring_health_history_hour. */
export async function pruneHealthHistory(tx: TenantTx, older_than: Date): Promise<void> {
  await tx.execute(
    `DELETE FROM migration.wiring_health_history h
      WHERE h.client_account_id = $1 AND h.engagement_id = $2
        AND h.hour IN (SELECT o.hour FROM migration.wiring_health_history o
                        WHERE o.client_account_id = $1 AND o.engagement_id = $2 AND o.hour < $3
                        ORDER BY o.hour LIMIT ${MOST})`,
    [older_than],
  );
}
