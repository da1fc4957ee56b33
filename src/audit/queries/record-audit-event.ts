import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../auth/actor';
import type { TenantTx } from '../../database/tenant-database';
import type { AuditAction } from '../audit-actions';
import type { AuditTarget } from '../audit-targets';

export interface Audited {
  /** Null for what the service does by itself. */
  actor: Actor | null;
  action: AuditAction;
  target_type: AuditTarget;
  target_id: string;
  counts: Readonly<Record<string, number>>;
  /** Ids, checksums and words of ours; never a value that a user or a file has brought. */
  details?: Readonly<Record<string, string | null>>;
}

/**
 * Records a change in the transaction that makes it, so that both are there or neither. Its time is that of the
 * record and not of the transaction's begin, which may lie before what was asked for meanwhile.
 */
export async function recordAuditEvent(tx: TenantTx, event: Audited): Promise<void> {
  const { actor, action, target_type, target_id, counts, details = {} } = event;
  await tx.execute(
    `INSERT INTO migration.audit_events
       (client_account_id, engagement_id, id, at, subject, action, target_type, target_id, counts, details, request_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      uuidv7(),
      new Date(),
      actor?.subject ?? null,
      action,
      target_type,
      target_id,
      JSON.stringify(counts),
      JSON.stringify(details),
      actor?.request_id ?? null,
    ],
  );
}
