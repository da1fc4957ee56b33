import type { TenantTx } from '../../database/tenant-database';
import type { Slice } from '../../http/page';
import type { AuditEvent } from '../audit-event.entity';

export interface AuditFilter {
  action: string | null;
  target_id: string | null;
  from: Date | null;
  to: Date | null;
}

/** One page, newest first, by idx_audit_events_tenant_at; the other filters are applied to what it yields. */
export async function listAuditEvents(
  tx: TenantTx,
  { action, target_id, from, to, limit, offset }: AuditFilter & { limit: number; offset: number },
): Promise<Slice<AuditEvent>> {
  // Times beyond all that are stored instead of `OR $5 IS NULL`, which would keep them out of the index condition.
  const filter = [action, target_id, from ?? '-infinity', to ?? 'infinity'];
  const matching = `
      FROM migration.audit_events e
     WHERE e.client_account_id = $1 AND e.engagement_id = $2
       AND ($3::text IS NULL OR e.action = $3) AND ($4::uuid IS NULL OR e.target_id = $4)
       AND e.at >= $5::timestamptz AND e.at < $6::timestamptz`;
  const rows = await tx.rows<AuditEvent>(
    `SELECT e.client_account_id, e.engagement_id, e.id, e.at, e.subject, e.action, e.target_type, e.target_id, e.counts,
            e.details, e.request_id
     ${matching}
     ORDER BY e.at DESC, e.id DESC LIMIT $7 OFFSET $8`,
    [...filter, limit, offset],
  );
  const [count] = await tx.rows<{ total: number }>(`SELECT count(*)::int AS total ${matching}`, filter);
  return { rows, total: count?.total ?? 0 };
}
