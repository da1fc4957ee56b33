import { Entity } from 'typeorm';
import { ApiColumn } from '../database/api-column';
import { TenantRow } from '../database/tenant-row.entity';

/**
 * The master flow. It takes the discovery flow's `flow_id`, which is what every `master_flow_id` refers to.
 * Table `migration.crewai_flow_state_extensions`.
 */
@Entity({ schema: 'migration', name: 'crewai_flow_state_extensions' })
export class MasterFlow extends TenantRow {
  @ApiColumn('uuid')
  flow_id!: string;

  @ApiColumn('text')
  flow_type!: string;

  @ApiColumn('text')
  flow_status!: string;

  @ApiColumn('jsonb')
  flow_persistence_data!: Record<string, unknown>;

  @ApiColumn('timestamptz')
  created_at!: Date;

  @ApiColumn('timestamptz')
  updated_at!: Date;
}
