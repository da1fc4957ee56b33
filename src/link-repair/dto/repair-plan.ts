import { ApiProperty } from '@nestjs/swagger';
import { METRIC_NAMES, type MetricName } from '../../wiring-health/wiring-checks';
import type { RepairSample } from '../queries/describe-plan';
import { REFUSALS, REPAIR_RULES } from '../repair-words';

const RULES = Object.keys(REPAIR_RULES) as (keyof typeof REPAIR_RULES)[];
const REASONS = Object.keys(REFUSALS) as (keyof typeof REFUSALS)[];

class MetricRepair {
  @ApiProperty({ enum: METRIC_NAMES })
  name!: MetricName;

  @ApiProperty({ type: 'integer', example: 12, description: 'What the metric counts now, by a scan.' })
  count!: number;

  @ApiProperty({ type: 'integer', example: 11, description: 'Of these, what the plan mends.' })
  fixable!: number;

  @ApiProperty({
    type: 'integer',
    example: 1,
    description:
      'What the metric will count after the plan. It can be more than what is not fixable: an asset whose flow is gone ' +
      'names none afterwards, which another metric counts.',
  })
  left!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { link_by_pointer: 11 },
    description: 'How many by which rule.',
  })
  how!: Partial<Record<(typeof RULES)[number], number>>;

  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    example: [
      {
        table: 'raw_import_records',
        id: '01935c9e-7b1a-7c3e-9d44-0a6f5f1c2b3d',
        from: { asset_id: null },
        to: { asset_id: '01935c9e-7b1a-7c3e-9d44-0a6f5f1c2b40' },
      },
    ],
    description: 'Up to five rows of the plan, with the columns that change.',
  })
  samples!: RepairSample[];
}

class RuleCount {
  @ApiProperty({ enum: RULES })
  rule!: (typeof RULES)[number];

  @ApiProperty({
    type: 'integer',
    example: 11,
    description: 'Rows; one row may be changed by several rules.',
  })
  count!: number;

  @ApiProperty({ example: REPAIR_RULES.link_by_pointer })
  description!: string;
}

class RefusalCount {
  @ApiProperty({ enum: REASONS })
  reason!: (typeof REASONS)[number];

  @ApiProperty({ type: 'integer', example: 1 })
  count!: number;

  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    example: [{ table: 'raw_import_records', id: '01935c9e-7b1a-7c3e-9d44-0a6f5f1c2b3d' }],
    description: 'Up to twenty of them.',
  })
  samples!: { table: string; id: string }[];

  @ApiProperty({ example: REFUSALS.link_has_rivals })
  description!: string;
}

/** What can be mended without doubt in a tenant, and what cannot. */
export class RepairPlan {
  @ApiProperty({
    type: String,
    nullable: true,
    example: '5f0c2a916f7ac5e2a3f0c1d4b8e6079a1c2d3e4f5061728394a5b6c7d8e9f001',
    description:
      'SHA-256 over every change of the plan; POST it to have just that done. Null: nothing to do.',
  })
  plan_hash!: string | null;

  @ApiProperty({ type: 'integer', example: 11, description: 'Rows that change.' })
  rows!: number;

  @ApiProperty({ type: [MetricRepair] })
  metrics!: MetricRepair[];

  @ApiProperty({
    type: [RuleCount],
    description: 'All changes, those to links that no metric counts as well.',
  })
  rules!: RuleCount[];

  @ApiProperty({ type: [RefusalCount], description: 'What is left as it is, and why.' })
  refused!: RefusalCount[];
}
