import { Entity } from 'typeorm';
import { ApiColumn } from '../database/api-column';
import { TenantRow } from '../database/tenant-row.entity';

const FATES = ['pending', 'created', 'duplicate', 'conflict', 'rejected'] as const;

/** Why a row was rejected, whether its file or a run found it at fault. */
export interface RowProblem {
  column: string | null;
  value: string | null;
  code: string;
  message: string;
}

/** One row of an inventory, as it came, and what became of it. Table `migration.raw_import_records`. */
@Entity({ schema: 'migration', name: 'raw_import_records' })
export class RawImportRecord extends TenantRow {
  @ApiColumn('uuid', { nullable: true })
  data_import_id!: string | null;

  @ApiColumn('integer', { nullable: true, example: 17, description: '1-based data row of the file.' })
  row_number!: number | null;

  @ApiColumn('jsonb', {
    example: { Hostname: 'web-01', 'RAM (GB)': '16' },
    description: 'Verbatim cells, as text.',
  })
  raw_data!: Record<string, string>;

  @ApiColumn('jsonb', { nullable: true, example: { hostname: 'web-01', memory_gb: 16 } })
  cleansed_data!: Record<string, unknown> | null;

  @ApiColumn('boolean', { example: true })
  is_valid!: boolean;

  @ApiColumn('jsonb', { nullable: true, api: { type: 'array', items: { type: 'object' } } })
  validation_errors!: RowProblem[] | null;

  @ApiColumn('boolean', { example: true, description: 'True exactly when the fate is decided.' })
  is_processed!: boolean;

  @ApiColumn('timestamptz', { nullable: true })
  processed_at!: Date | null;

  @ApiColumn('text', { nullable: true, example: 'Linked to: web-01' })
  processing_notes!: string | null;

  @ApiColumn('uuid', { nullable: true, description: 'The one asset made from this row.' })
  asset_id!: string | null;

  @ApiColumn('uuid', {
    nullable: true,
    description: 'An existing asset that this row describes again; no link.',
  })
  matched_asset_id!: string | null;

  @ApiColumn('text', { enum: FATES, example: 'created' })
  fate!: string;

  @ApiColumn('uuid', { nullable: true })
  master_flow_id!: string | null;

  @ApiColumn('timestamptz')
  created_at!: Date;

  @ApiColumn('timestamptz')
  updated_at!: Date;
}
