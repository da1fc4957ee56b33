import { v7 as uuidv7 } from 'uuid';
import type { TenantTx } from '../../database/tenant-database';
import type { WiringHealthHour } from '../wiring-health-hour.entity';

/**
 * The row of an hour becomes this one where that is worse, or as bad with other counts and later: another instance may
 * have written something worse, and come first with something newer. Everything compared is a parameter or in the row,
 * as Citus wants it of ON CONFLICT. By uq_wiring_health_history_hour.
 */
export async function upsertHealthHour(
  tx: TenantTx,
  {
    hour,
    checked_at,
    health_status,
    metrics,
  }: Omit<WiringHealthHour, 'client_account_id' | 'engagement_id' | 'id'>,
): Promise<void> {
  const badness = (of: string) =>
    `array_position(ARRAY['healthy', 'degraded', 'unhealthy'], ${of}.health_status)`;
  await tx.execute(
    `INSERT INTO migration.wiring_health_history AS h
       (client_account_id, engagement_id, id, hour, checked_at, health_status, metrics)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (client_account_id, engagement_id, hour) DO UPDATE
        SET checked_at = EXCLUDED.checked_at, health_status = EXCLUDED.health_status, metrics = EXCLUDED.metrics
      WHERE ${badness('EXCLUDED')} > ${badness('h')}
         OR (EXCLUDED.health_status = h.health_status AND EXCLUDED.metrics <> h.metrics
             AND EXCLUDED.checked_at > h.checked_at)`,
    [uuidv7(), hour, checked_at, health_status, JSON.stringify(metrics)],
  );
}
