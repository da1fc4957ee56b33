import { Entity } from 'typeorm';
import { ApiColumn } from '../database/api-column';
import { TenantRow } from '../database/tenant-row.entity';
import { ASSET_STATUSES, ASSET_TYPES } from '../field-mapping/asset-words';

/** Something that the company runs. Table `migration.assets`. */
@Entity({ schema: 'migration', name: 'assets' })
export class Asset extends TenantRow {
  @ApiColumn('text', { example: 'web-01' })
  name!: string;

  @ApiColumn('text', { enum: ASSET_TYPES, example: 'server' })
  asset_type!: string;

  @ApiColumn('text', { nullable: true, example: 'web-01' })
  hostname!: string | null;

  @ApiColumn('text', { nullable: true, example: 'web-01.example.com' })
  fqdn!: string | null;

  @ApiColumn('text', { nullable: true, example: '10.0.0.12' })
  ip_address!: string | null;

  @ApiColumn('text', { nullable: true, example: 'production' })
  environment!: string | null;

  @ApiColumn('text', { nullable: true, example: 'Ubuntu 24.04' })
  operating_system!: string | null;

  @ApiColumn('double precision', { nullable: true, example: 4 })
  cpu_cores!: number | null;

  @ApiColumn('double precision', { nullable: true, example: 16, description: 'In GiB.' })
  memory_gb!: number | null;

  @ApiColumn('double precision', { nullable: true, example: 250, description: 'In GiB.' })
  storage_gb!: number | null;

  @ApiColumn('text', { nullable: true, example: 'Frankfurt' })
  location!: string | null;

  @ApiColumn('text', { nullable: true })
  business_owner!: string | null;

  @ApiColumn('text', { nullable: true })
  technical_owner!: string | null;

  @ApiColumn('text', { nullable: true, example: 'Web shop' })
  application_name!: string | null;

  @ApiColumn('text', { nullable: true, example: 'high' })
  criticality!: string | null;

  @ApiColumn('text', { enum: ASSET_STATUSES, example: 'discovered' })
  status!: string;

  @ApiColumn('text', { nullable: true })
  serial_number!: string | null;

  @ApiColumn('text', { nullable: true })
  description!: string | null;

  @ApiColumn('uuid', {
    nullable: true,
    description: 'Primary key of the discovery flow, not its public flow_id.',
  })
  discovery_flow_id!: string | null;

  @ApiColumn('uuid', { nullable: true, description: 'flow_id of the master flow.' })
  master_flow_id!: string | null;

  @ApiColumn('uuid', { nullable: true, description: 'Legacy: public id of the discovery flow.' })
  flow_id!: string | null;

  @ApiColumn('uuid', { nullable: true, description: 'The one raw record that this asset was made from.' })
  raw_import_records_id!: string | null;

  @ApiColumn('text', { nullable: true, description: 'sha-256 of the flow and the mappings that made it.' })
  field_mappings_used!: string | null;

  @ApiColumn('text', { nullable: true, example: 'flow_based' })
  discovery_method!: string | null;

  @ApiColumn('text', { nullable: true, example: 'Discovery Flow' })
  discovery_source!: string | null;

  @ApiColumn('timestamptz', { nullable: true })
  discovery_timestamp!: Date | null;

  @ApiColumn('text', { nullable: true, example: 'asset_inventory' })
  source_phase!: string | null;

  @ApiColumn('text', { nullable: true, example: 'asset_inventory' })
  current_phase!: string | null;

  @ApiColumn('jsonb', { nullable: true })
  raw_data!: Record<string, unknown> | null;

  @ApiColumn('jsonb', {
    description:
      'Cells without a mapping, and mapped cells that a field does not show as they came, by their header.',
    example: { Rack: 'R12' },
  })
  custom_attributes!: Record<string, unknown>;

  @ApiColumn('timestamptz')
  created_at!: Date;

  @ApiColumn('timestamptz')
  updated_at!: Date;

  @ApiColumn('timestamptz', { nullable: true, description: 'Hidden from lists since then; its links stay.' })
  deleted_at!: Date | null;
}
