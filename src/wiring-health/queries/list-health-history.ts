import type { TenantTx } from '../../database/tenant-database';
import type { Slice } from '../../http/page';
import type { WiringHealthHour } from '../wiring-health-hour.entity';

interface HistoryWindow {
  from: Date | null;
  to: Date | null;
  limit: number;
  offset: number;
}

/** One page, newest first, by uq_wiring_health_history_hour, which is read backwards. */
export async function listHealthHistory(
  tx: TenantTx,
  { from, to, limit, offset }: HistoryWindow,
): Promise<Slice<WiringHealthHour>> {
  // Times beyond all that are stored instead of `OR $3 IS NULL`, which would keep them out of the index condition.
  const filter = [from ?? '-infinity', to ?? 'infinity'];
  const matching = `
      FROM migration.wiring_health_history h
     WHERE h.client_account_id = $1 AND h.engagement_id = $2
       AND h.hour >= $3::timestamptz AND h.hour < $4::timestamptz`;
  const rows = await tx.rows<WiringHealthHour>(
    `SELECT h.client_account_id, h.engagement_id, h.id, h.hour, h.checked_at, h.health_status, h.metrics
     ${matching}
     ORDER BY h.hour DESC LIMIT $5 OFFSET $6`,
    [...filter, limit, offset],
  );
  const [count] = await tx.rows<{ total: number }>(`SELECT count(*)::int AS total ${matching}`, filter);
  return { rows, total: count?.total ?? 0 };
}
