import type { TenantTx } from '../database/tenant-database';
import type { HealthCheck, WiringHealth } from './dto/wiring-health';
import type { KnownStatus } from './known-statuses';
import { countBrokenLinks } from './queries/count-broken-links';
import { countOpenEnds } from './queries/count-open-ends';
import { countOrphanFlowRefs } from './queries/count-orphan-flow-refs';
import { findEnforcedKeys } from './queries/find-enforced-keys';
import { type Sample, sampleBrokenRows } from './queries/sample-broken-rows';
import { METRIC_NAMES, type MetricName, type Metrics, WIRING_CHECKS } from './wiring-checks';

/** Beyond this the check says that it does not know; a probe is no reason to keep a database busy. */
const TIMEOUT_MS = 10_000;
/** Between two statements there is only the service's own work, which is none. */
const IDLE_MS = 5_000;
/** A table that is locked for longer, by DDL for one, is an answer too; it must come before a prober gives up. */
const LOCK_TIMEOUT_MS = 3_000;

export interface HealthOptions {
  detail: boolean;
  /** Scan even what the keys prove. */
  scan: boolean;
}

export type ComputedHealth = Omit<WiringHealth, 'cached' | 'cache_age_seconds'> & {
  health_status: KnownStatus;
  metrics: Metrics;
};

/** Counts every metric of the tenant in the transaction's one snapshot, the keys' state included. */
export async function computeHealth(tx: TenantTx, { detail, scan }: HealthOptions): Promise<ComputedHealth> {
  const checked_at = new Date();
  const deadline = performance.now() + TIMEOUT_MS;
  /** Many statements that take long each must not add up, so each has what the others left. */
  const inTime = async <Result>(work: (tx: TenantTx) => Promise<Result>): Promise<Result> => {
    const statement_ms = Math.max(1, Math.ceil(deadline - performance.now()));
    await tx.limit({ statement_ms, idle_ms: IDLE_MS });
    return work(tx);
  };
  await tx.control(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
  const enforced = scan ? new Set<string>() : await inTime(findEnforcedKeys);
  const openEnds = await inTime(countOpenEnds);
  // What follows reads all of a tenant's rows, or many of them.
  await tx.planForThisTenant();
  const isProven = (name: MetricName) => {
    const { provenBy } = WIRING_CHECKS[name];
    return provenBy.length > 0 && provenBy.every((key) => enforced.has(key));
  };
  const metrics: Metrics = {
    assets_with_orphan_raw_import_ref: 0,
    raw_records_with_orphan_asset_ref: 0,
    asymmetric_links: 0,
    assets_with_orphan_discovery_flow_ref: isProven('assets_with_orphan_discovery_flow_ref')
      ? 0
      : await inTime(countOrphanFlowRefs),
    ...openEnds,
    // Two keys that hold both ways prove all three link counts.
    ...(isProven('asymmetric_links') ? {} : await inTime(countBrokenLinks)),
  };
  const checks = METRIC_NAMES.map((name): HealthCheck => {
    const { severity, description } = WIRING_CHECKS[name];
    const verified_by = isProven(name) ? 'constraint' : 'scan';
    return { name, count: metrics[name], severity, description, verified_by };
  });
  return {
    health_status: statusOf(checks),
    tenant: tx.tenant,
    metrics: inReportedOrder(metrics),
    checks,
    samples: detail ? await samplesOf(checks, (name) => inTime(() => sampleBrokenRows(tx, name))) : null,
    checked_at,
  };
}

function statusOf(checks: readonly HealthCheck[]): KnownStatus {
  const counted = (severity: string) =>
    checks.some((check) => check.severity === severity && check.count > 0);
  return counted('error') ? 'unhealthy' : counted('warning') ? 'degraded' : 'healthy';
}

function inReportedOrder(metrics: Metrics): Metrics {
  return Object.fromEntries(METRIC_NAMES.map((name) => [name, metrics[name]])) as Metrics;
}

async function samplesOf(checks: readonly HealthCheck[], sampleOf: (name: MetricName) => Promise<Sample[]>) {
  const samples: Partial<Record<MetricName, Sample[]>> = {};
  for (const { name, count } of checks) {
    if (count > 0) samples[name] = await sampleOf(name);
  }
  return samples;
}
