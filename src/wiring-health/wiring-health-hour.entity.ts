import { Entity } from 'typeorm';
import { ApiColumn } from '../database/api-column';
import { TenantRow } from '../database/tenant-row.entity';
import { KNOWN_STATUSES, type KnownStatus } from './known-statuses';
import { METRIC_NAMES, type Metrics } from './wiring-checks';

/** The worst health of a tenant in an hour. Table `migration.wiring_health_history`. */
@Entity({ schema: 'migration', name: 'wiring_health_history' })
export class WiringHealthHour extends TenantRow {
  @ApiColumn('timestamptz', {
    example: '2026-03-02T09:00:00.000Z',
    description: 'When the hour begins, in UTC.',
  })
  hour!: Date;

  @ApiColumn('timestamptz', {
    example: '2026-03-02T09:12:41.250Z',
    description: 'Of the check that counted this: the first one, where others found the same after it.',
  })
  checked_at!: Date;

  @ApiColumn('text', { enum: KNOWN_STATUSES, example: 'unhealthy' })
  health_status!: KnownStatus;

  @ApiColumn('jsonb', {
    api: { type: 'object', additionalProperties: { type: 'integer' } },
    example: {
      ...Object.fromEntries(METRIC_NAMES.map((name) => [name, 0])),
      assets_with_orphan_raw_import_ref: 3,
    },
  })
  metrics!: Metrics;
}
