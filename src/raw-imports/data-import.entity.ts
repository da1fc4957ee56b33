import { Entity } from 'typeorm';
import { ApiColumn } from '../database/api-column';
import { TenantRow } from '../database/tenant-row.entity';
import type { Grouping } from './grouping/grouped-table';
import type { Detected } from './readers/detected';

const TEXTS = { type: 'array', items: { type: 'string' } } as const;

const IMPORT_STATUSES = [
  'pending',
  'uploading',
  'uploaded',
  'processing',
  'validating',
  'processed',
  'completed',
  'failed',
  'cancelled',
  'archived',
] as const;

const WARNING_CODES = ['no_name_column', 'several_rows_per_machine', 'damaged_identifiers'] as const;

/** What is odd about a file and does not keep it from being imported. */
export interface ImportWarning {
  code: (typeof WARNING_CODES)[number];
  message: string;
}

/** One uploaded inventory file. Table `migration.data_imports`. */
@Entity({ schema: 'migration', name: 'data_imports' })
export class DataImport extends TenantRow {
  @ApiColumn('text', { example: 'cmdb-export.csv' })
  filename!: string;

  @ApiColumn('text', { example: 'inventory' })
  import_type!: string;

  @ApiColumn('text', { nullable: true, enum: ['csv', 'tsv', 'xlsx', 'json', 'ndjson'], example: 'csv' })
  format!: string | null;

  @ApiColumn('text', {
    nullable: true,
    example: 'utf-8',
    description: 'Null where the format fixes it (XLSX).',
  })
  encoding!: string | null;

  @ApiColumn('text', { nullable: true, example: ';' })
  delimiter!: string | null;

  @ApiColumn('text', { nullable: true, example: 'vInfo', description: 'The sheet that was read.' })
  sheet!: string | null;

  @ApiColumn('jsonb', { nullable: true, api: TEXTS, description: 'Every sheet of the workbook.' })
  sheets!: string[] | null;

  @ApiColumn('text', {
    nullable: true,
    example: 'rvtools-vinfo',
    description: 'The tool that wrote the file, or `generic`.',
  })
  source!: string | null;

  @ApiColumn('jsonb', {
    nullable: true,
    api: { type: 'object', additionalProperties: true },
    example: {
      source: 'generic',
      encoding: 'utf-8',
      delimiter: ';',
      line_ends: 'crlf',
      sheet: null,
      header_row: 3,
      preamble_rows: 1,
      footer_rows: 1,
      repeated_headers: 0,
      empty_columns: 0,
      skipped_lines: [
        { line: 1, why: 'preamble', text: 'Server inventory' },
        { line: 1204, why: 'footer', text: 'Row count: 1200' },
      ],
    },
    description:
      'How the table was found in the file; `?source=`, `?header=`, `?delimiter=`, `?encoding=`, `?sheet=` and `?footer=` say ' +
      'otherwise. `skipped_lines` are the first lines that are no records: preamble, separator, repeated_header or footer.',
  })
  detected!: (Detected & { source: string }) | null;

  @ApiColumn('jsonb', {
    api: { type: 'object', additionalProperties: true },
    example: { header: '3' },
    description: 'The query parameters that overrode what would have been detected.',
  })
  reading!: Record<string, string>;

  @ApiColumn('jsonb', {
    api: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: { type: 'string', enum: [...WARNING_CODES] }, message: { type: 'string' } },
      },
    },
    example: [{ code: 'no_name_column', message: 'No column is known to name a machine or an application.' }],
    description: 'What is odd about the file and did not keep it from being imported.',
  })
  warnings!: ImportWarning[];

  @ApiColumn('jsonb', {
    nullable: true,
    api: {
      type: 'object',
      properties: {
        by: { type: 'string', description: 'The column of `?group_by=`.' },
        rows: { type: 'integer', description: 'Rows that share their value there with another one.' },
        groups: { type: 'integer', description: 'Records that these rows became.' },
      },
    },
    example: { by: 'Hostname', rows: 120, groups: 40 },
    description: 'Null where every row is a record of its own.',
  })
  grouping!: Grouping | null;

  @ApiColumn('text', { nullable: true, description: 'Of the bytes as they were uploaded.' })
  checksum_sha256!: string | null;

  @ApiColumn('bigint', { nullable: true, example: 48213 })
  size_bytes!: number | null;

  @ApiColumn('text', { enum: IMPORT_STATUSES, example: 'processed' })
  status!: string;

  @ApiColumn('jsonb', {
    api: TEXTS,
    example: ['Hostname', 'RAM (GB)'],
    description: 'Verbatim, in file order.',
  })
  columns!: string[];

  @ApiColumn('integer', { example: 1200, description: 'Always valid_records + rejected_records.' })
  total_records!: number;

  @ApiColumn('integer', { example: 1198 })
  valid_records!: number;

  @ApiColumn('integer', { example: 2 })
  rejected_records!: number;

  @ApiColumn('integer', { example: 2, description: 'Rows whose fate is decided, rejected ones included.' })
  processed_records!: number;

  @ApiColumn('integer', { example: 0, description: 'Wholly empty rows are no records.' })
  empty_rows_skipped!: number;

  @ApiColumn('double precision', { example: 100, description: 'Share of the records whose fate is decided.' })
  progress_percentage!: number;

  @ApiColumn('uuid', { nullable: true })
  master_flow_id!: string | null;

  @ApiColumn('uuid', { nullable: true, description: 'The import whose corrected rejects this one brings.' })
  corrects_import_id!: string | null;

  @ApiColumn('text', { nullable: true })
  imported_by!: string | null;

  @ApiColumn('text', { nullable: true })
  error_message!: string | null;

  @ApiColumn('jsonb', { nullable: true })
  error_details!: Record<string, unknown> | null;

  @ApiColumn('timestamptz')
  created_at!: Date;

  @ApiColumn('timestamptz')
  updated_at!: Date;

  @ApiColumn('timestamptz', { nullable: true })
  completed_at!: Date | null;
}
