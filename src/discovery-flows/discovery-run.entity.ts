import { Entity } from 'typeorm';
import { CONFLICT_POLICIES, type ConflictPolicy } from '../asset-identity/conflict-policy';
import type { IdentityRule } from '../asset-identity/identity-rule';
import { ApiColumn } from '../database/api-column';
import { TenantRow } from '../database/tenant-row.entity';

const RUN_STATUSES = [
  'queued',
  'running',
  'paused',
  'completed',
  'completed_with_errors',
  'failed',
  'cancelled',
] as const;

export const FAILURE_POLICIES = ['stop', 'skip', 'retry'] as const;
export type FailurePolicy = (typeof FAILURE_POLICIES)[number];

const RUN_REQUESTS = ['pause', 'cancel'] as const;
export type RunRequest = (typeof RUN_REQUESTS)[number];

/**
 * One pass over a flow's pending rows, and its ledger. Table `migration.discovery_runs`, whose lease columns are the
 * workers' alone.
 */
@Entity({ schema: 'migration', name: 'discovery_runs' })
export class DiscoveryRun extends TenantRow {
  @ApiColumn('uuid', { description: 'Primary key of the flow.' })
  discovery_flow_id!: string;

  @ApiColumn('uuid')
  data_import_id!: string;

  @ApiColumn('text', { enum: RUN_STATUSES, example: 'running' })
  status!: string;

  @ApiColumn('integer', { example: 500 })
  chunk_size!: number;

  @ApiColumn('text', { enum: FAILURE_POLICIES, example: 'stop' })
  failure_policy!: FailurePolicy;

  @ApiColumn('text', {
    enum: CONFLICT_POLICIES,
    example: 'keep_existing',
    description: 'What a row that describes an existing asset otherwise does to it.',
  })
  conflict_policy!: ConflictPolicy;

  @ApiColumn('jsonb', {
    api: { type: 'array', items: { type: 'string' } },
    example: ['hostname', 'fqdn', 'ip_address', 'name+asset_type'],
    description: 'What tells assets apart: the first of these that a row has a usable value for.',
  })
  identity_rule!: IdentityRule;

  @ApiColumn('text', {
    nullable: true,
    enum: RUN_REQUESTS,
    description: 'Asked for, and done when the chunk under way has ended.',
  })
  requested!: RunRequest | null;

  @ApiColumn('integer', { example: 1200, description: 'Pending valid rows at the start; fixed then.' })
  total_records!: number;

  @ApiColumn('integer', { example: 1000 })
  created!: number;

  @ApiColumn('integer', { example: 1000, description: 'Always equals created.' })
  linked!: number;

  @ApiColumn('integer', { example: 0 })
  duplicates!: number;

  @ApiColumn('integer', { example: 0 })
  conflicts!: number;

  @ApiColumn('integer', { example: 0 })
  rejected!: number;

  @ApiColumn('integer', { example: 200 })
  pending!: number;

  @ApiColumn('integer', { example: 2 })
  chunks_done!: number;

  @ApiColumn('integer', { example: 0 })
  chunks_failed!: number;

  @ApiColumn('integer', { example: 3 })
  chunks_total!: number;

  @ApiColumn('bigint', { example: 4200, description: 'Milliseconds that workers have spent on its chunks.' })
  active_ms!: number;

  @ApiColumn('text', { nullable: true })
  error!: string | null;

  @ApiColumn('timestamptz')
  created_at!: Date;

  @ApiColumn('timestamptz')
  updated_at!: Date;

  @ApiColumn('timestamptz', { nullable: true })
  started_at!: Date | null;

  @ApiColumn('timestamptz', { nullable: true })
  finished_at!: Date | null;
}
