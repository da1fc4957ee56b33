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
  await tx.planForThisTenant();
  await tx.control(`SET LOCAL statement_timeout = ${TIMEOUT_MS}`);
  await tx.control(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
  const enforced = scan ? new Set<string>() : await findEnforcedKeys(tx);
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
      : await countOrphanFlowRefs(tx),
    ...(await countOpenEnds(tx)),
    // Two keys that hold both ways prove all three link counts.
    ...(isProven('asymmetric_links') ? {} : await countBrokenLinks(tx)),
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
    samples: detail ? await samplesOf(tx, checks) : null,
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

async function samplesOf(tx: TenantTx, checks: readonly HealthCheck[]) {
  const samples: Partial<Record<MetricName, Sample[]>> = {};
  for (const { name, count } of checks) {
    if (count > 0) samples[name] = await sampleBrokenRows(tx, name);
  }
  return samples;
}
