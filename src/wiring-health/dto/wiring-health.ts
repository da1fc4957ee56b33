import { ApiProperty } from '@nestjs/swagger';
import type { Sample } from '../queries/sample-broken-rows';
import { KNOWN_STATUSES } from '../known-statuses';
import { METRIC_NAMES, type MetricName, type Metrics, SEVERITIES, type Severity } from '../wiring-checks';

const HEALTH_STATUSES = [...KNOWN_STATUSES, 'unknown'] as const;
type HealthStatus = (typeof HEALTH_STATUSES)[number];

class HealthTenant {
  @ApiProperty({ format: 'uuid' })
  client_account_id!: string;

  @ApiProperty({ format: 'uuid' })
  engagement_id!: string;
}

export class HealthCheck {
  @ApiProperty({ enum: METRIC_NAMES })
  name!: MetricName;

  @ApiProperty({ example: 0 })
  count!: number;

  @ApiProperty({ enum: SEVERITIES })
  severity!: Severity;

  @ApiProperty()
  description!: string;

  @ApiProperty({ enum: ['constraint', 'scan'], description: 'Valid, enabled foreign keys prove a zero.' })
  verified_by!: 'constraint' | 'scan';
}

/** The wiring of one tenant at one moment. */
export class WiringHealth {
  @ApiProperty({ enum: HEALTH_STATUSES, example: 'healthy' })
  health_status!: HealthStatus;

  @ApiProperty()
  tenant!: HealthTenant;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    nullable: true,
    example: Object.fromEntries(METRIC_NAMES.map((name) => [name, 0])),
    description: 'Null when the check could not be done.',
  })
  metrics!: Metrics | null;

  @ApiProperty({ type: [HealthCheck] })
  checks!: HealthCheck[];

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'object' } },
    nullable: true,
    description: 'With ?detail=true: for each metric above zero up to five rows.',
  })
  samples!: Partial<Record<MetricName, Sample[]>> | null;

  @ApiProperty({ example: false })
  cached!: boolean;

  @ApiProperty({ example: 0 })
  cache_age_seconds!: number;

  @ApiProperty({ description: 'When the counting began: what was committed before is in it.' })
  checked_at!: Date;
}
