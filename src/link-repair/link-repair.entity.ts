import { Entity } from 'typeorm';
import { ApiColumn } from '../database/api-column';
import { TenantRow } from '../database/tenant-row.entity';

const REPAIR_STATUSES = ['planned', 'applying', 'applied', 'undoing', 'undone', 'stopped'] as const;

/** A plan of changes to links that somebody agreed to, and how far it is done. Table `migration.link_repairs`. */
@Entity({ schema: 'migration', name: 'link_repairs' })
export class LinkRepair extends TenantRow {
  @ApiColumn('uuid', {
    description: 'What is undone together by the script; of a repair over HTTP its own id.',
  })
  run_id!: string;

  @ApiColumn('text', {
    example: '5f0c2a916f7ac5e2a3f0c1d4b8e6079a1c2d3e4f5061728394a5b6c7d8e9f001',
    description: 'Of the plan that it does.',
  })
  plan_hash!: string;

  @ApiColumn('text', {
    enum: REPAIR_STATUSES,
    example: 'applying',
    description:
      '`stopped`: the database refused to go on, `error` says why; what was done stays and can be undone.',
  })
  status!: (typeof REPAIR_STATUSES)[number];

  @ApiColumn('integer', { example: 1200, description: 'Rows of the plan.' })
  planned!: number;

  @ApiColumn('integer', { example: 800, description: 'Rows that were written.' })
  applied!: number;

  @ApiColumn('integer', {
    example: 0,
    description:
      'Rows that had changed since the plan was made, and those that belong with them: left as they are.',
  })
  skipped!: number;

  @ApiColumn('integer', { example: 0, description: 'Rows that are again as they were before.' })
  undone!: number;

  @ApiColumn('text', { nullable: true, example: null })
  error!: string | null;

  @ApiColumn('timestamptz')
  created_at!: Date;

  @ApiColumn('timestamptz')
  updated_at!: Date;

  @ApiColumn('timestamptz', { nullable: true, description: 'Of the last step, the undoing too.' })
  finished_at!: Date | null;
}
