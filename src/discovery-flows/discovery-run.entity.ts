import { Entity } from 'typeorm';
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
