import { Entity } from 'typeorm';
import { ApiColumn } from '../database/api-column';
import { TenantRow } from '../database/tenant-row.entity';
import type { GroupedPart } from './grouping/grouped-row';

const FATES = ['pending', 'created', 'duplicate', 'conflict', 'rejected'] as const;

/** Why a row was rejected, whether its file or a run found it at fault. */
export interface RowProblem {
  column: string | null;
  value: string | null;
  code: string;
  message: string;
}

/** A value of the row that the asset does not have, and what became of it. */
export interface RowDifference {
  /** An asset field, or `custom_attributes.<header>`. */
  field: string;
  /** The header whose cell differs. */
  column: string;
  existing: string | number | null;
  incoming: string | number;
  outcome: 'kept' | 'filled' | 'replaced';
}

/** Why a row is a duplicate (nothing differs) or a conflict. */
export interface RowDecision {
  /** The part of the identity rule that found the asset, such as `hostname`. */
  rule: string;
  candidate_asset_id: string;
  /** How many assets the rule found: the oldest is the candidate, and where there are several none is changed. */
  candidates: number;
  conflict_policy: string;
  differences: RowDifference[];
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
    description: 'Verbatim cells, as text; of several rows that were grouped what they say together.',
  })
  raw_data!: Record<string, string>;

  @ApiColumn('jsonb', {
    nullable: true,
    api: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          row_number: { type: 'integer' },
          cells: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
    },
    description: 'Of a record that `?group_by=` made of several rows: these rows, verbatim.',
  })
  grouped_rows!: GroupedPart[] | null;

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

  @ApiColumn('uuid', { nullable: true, description: 'The run that decided the fate.' })
  discovery_run_id!: string | null;

  @ApiColumn('jsonb', {
    nullable: true,
    description: 'Of a duplicate or a conflict: by which rule which asset was found, and what differs.',
    example: {
      rule: 'hostname',
      candidate_asset_id: '01935c9e-7b1a-7c3e-9d44-0a6f5f1c2b3d',
      candidates: 1,
      conflict_policy: 'keep_existing',
      differences: [{ field: 'memory_gb', column: 'RAM (GB)', existing: 16, incoming: 32, outcome: 'kept' }],
    },
  })
  decision!: RowDecision | null;

  @ApiColumn('uuid', {
    nullable: true,
    description: 'The row of a later import that replaced this rejected one.',
  })
  corrected_by!: string | null;

  @ApiColumn('text', { enum: FATES, example: 'created' })
  fate!: string;

  @ApiColumn('uuid', { nullable: true })
  master_flow_id!: string | null;

  @ApiColumn('timestamptz')
  created_at!: Date;

  @ApiColumn('timestamptz')
  updated_at!: Date;
}
