/** What an audited change was made to. A flow goes by its public `flow_id`. */
export const AUDIT_TARGETS = ['data_import', 'discovery_flow', 'discovery_run', 'link_repair'] as const;

export type AuditTarget = (typeof AUDIT_TARGETS)[number];
