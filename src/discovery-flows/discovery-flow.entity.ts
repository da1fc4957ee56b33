import { Entity } from 'typeorm';
import { ApiColumn } from '../database/api-column';
import { TenantRow } from '../database/tenant-row.entity';

const FLOW_STATUSES = [
  'initialized',
  'active',
  'running',
  'paused',
  'waiting_for_approval',
  'completed',
  'failed',
  'deleted',
] as const;

const PHASES = [
  'data_import',
  'data_validation',
  'field_mapping',
  'data_cleansing',
  'asset_inventory',
] as const;

/** Maps the rows of an import and makes assets from them. Table `migration.discovery_flows`. */
@Entity({ schema: 'migration', name: 'discovery_flows' })
export class DiscoveryFlow extends TenantRow {
  @ApiColumn('uuid', {
    description: 'The public id, unique within the tenant: what URLs and ?flow_id= take.',
  })
  flow_id!: string;

  @ApiColumn('uuid', { nullable: true, description: 'flow_id of the master flow; equals flow_id.' })
  master_flow_id!: string | null;

  @ApiColumn('uuid', { nullable: true })
  data_import_id!: string | null;

  @ApiColumn('text', { example: 'CMDB Frankfurt' })
  flow_name!: string;

  @ApiColumn('text', { enum: FLOW_STATUSES, example: 'active' })
  status!: string;

  @ApiColumn('text', { enum: PHASES, example: 'data_cleansing' })
  current_phase!: string;

  @ApiColumn('boolean')
  data_import_completed!: boolean;

  @ApiColumn('boolean')
  data_validation_completed!: boolean;

  @ApiColumn('boolean')
  field_mapping_completed!: boolean;

  @ApiColumn('boolean')
  data_cleansing_completed!: boolean;

  @ApiColumn('boolean')
  asset_inventory_completed!: boolean;

  @ApiColumn('jsonb', {
    api: { type: 'object', additionalProperties: { type: 'string' } },
    example: { Hostname: 'hostname', 'RAM (GB)': 'memory_gb' },
    description: 'Approved mappings: source header to asset field.',
  })
  field_mappings!: Record<string, string>;

  @ApiColumn('text', {
    nullable: true,
    description: 'sha-256 over the flow and its mappings; null without any.',
  })
  field_mappings_hash!: string | null;

  @ApiColumn('uuid', { nullable: true, description: 'Changes with every change of the mappings.' })
  mappings_version_id!: string | null;

  @ApiColumn('double precision', { example: 60 })
  progress_percentage!: number;

  @ApiColumn('text', { nullable: true })
  error_message!: string | null;

  @ApiColumn('text', { nullable: true, enum: PHASES })
  error_phase!: string | null;

  @ApiColumn('jsonb', { nullable: true })
  error_details!: Record<string, unknown> | null;

  @ApiColumn('text', { nullable: true })
  user_id!: string | null;

  @ApiColumn('timestamptz')
  created_at!: Date;

  @ApiColumn('timestamptz')
  updated_at!: Date;

  @ApiColumn('timestamptz', { nullable: true })
  completed_at!: Date | null;
}
