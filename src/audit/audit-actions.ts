/** What a tenant's data can undergo. */
export const AUDIT_ACTIONS = [
  'import.created',
  'import.failed',
  'flow.created',
  'mappings.approved',
  'mappings.learned',
  'assets.persisted',
  'run.started',
  'run.pause_requested',
  'run.paused',
  'run.resumed',
  'run.cancel_requested',
  'run.cancelled',
  'run.retried',
  'run.ended',
  'repair.started',
  'repair.undo_requested',
  'repair.ended',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];
