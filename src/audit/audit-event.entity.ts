import { Entity } from 'typeorm';
import { ApiColumn } from '../database/api-column';
import { TenantRow } from '../database/tenant-row.entity';
import { AUDIT_ACTIONS, type AuditAction } from './audit-actions';
import { AUDIT_TARGETS, type AuditTarget } from './audit-targets';

/** One change of a tenant's data. Table `migration.audit_events`, in which nothing is ever changed. */
@Entity({ schema: 'migration', name: 'audit_events' })
export class AuditEvent extends TenantRow {
  @ApiColumn('timestamptz', { example: '2026-03-02T09:30:00.000Z' })
  at!: Date;

  @ApiColumn('text', {
    nullable: true,
    example: 'auth0|5f7c8ec7c33c6c004bbafe82',
    description:
      'Subject of the token; null with AUTH_MODE=headers, and for what the service does by itself.',
  })
  subject!: string | null;

  @ApiColumn('text', { enum: AUDIT_ACTIONS, example: 'run.started' })
  action!: AuditAction;

  @ApiColumn('text', { enum: AUDIT_TARGETS, example: 'discovery_run' })
  target_type!: AuditTarget;

  @ApiColumn('uuid', {
    example: '01935c9e-7b1a-7c3e-9d44-0a6f5f1c2b3d',
    description: 'Of a flow its public flow_id.',
  })
  target_id!: string;

  @ApiColumn('jsonb', {
    api: { type: 'object', additionalProperties: { type: 'integer' } },
    example: { total_records: 1200, chunks_total: 3 },
    description: 'How much of what, by the names that the target itself has for it.',
  })
  counts!: Record<string, number>;

  @ApiColumn('jsonb', {
    api: { type: 'object', additionalProperties: { type: 'string', nullable: true } },
    example: { conflict_policy: 'keep_existing', failure_policy: 'stop' },
    description: 'Ids, checksums and words of the service; never what a file holds.',
  })
  details!: Record<string, string | null>;

  @ApiColumn('text', {
    nullable: true,
    example: '7c1f2a52-9d0c-4a43-8f0a-1d5f5f0a2b11',
    description: 'X-Request-Id of the request; null for what the service does by itself.',
  })
  request_id!: string | null;
}
