import type { Client } from 'pg';
import { countAssets } from '../src/assets/queries/count-assets';
import { listAssets } from '../src/assets/queries/list-assets';
import { loadSettings } from '../src/config/settings';
import { createApp, listen } from '../src/create-app';
import { TenantDatabase } from '../src/database/tenant-database';
import { createLogger } from '../src/logging/create-logger';
import { computeHealth } from '../src/wiring-health/compute-health';
import type { BenchOptions } from './bench-options';
import { fillTenant } from './filled-tenant';
import { makeFlow, type PendingFlow, persistFlows } from './flows';
import { compare, type Comparison, measure } from './measure';
import type { BenchServer } from './with-server';

const MOST_ROWS_PER_RUN = 10_000;
/** Of a job that takes milliseconds, one call alone is mostly noise. */
const CALLS = 5;
const WITHOUT = 'without policies';

interface Job {
  prepare?: () => Promise<PendingFlow>;
  work: (flow: PendingFlow | undefined) => Promise<unknown>;
}

/**
 * What row-level security costs: list, health and persist of one tenant, with the policies of all tables enabled and
 * disabled in turn, on the same rows and server. Everything else stays as it is in both.
 */
export async function benchRls(
  { url, dataDir, sql }: BenchServer,
  { rows, rounds }: BenchOptions,
): Promise<Comparison[]> {
  const settings = loadSettings({ LOG_LEVEL: 'silent', DATABASE_URL: url, DATA_DIR: dataDir, PORT: '0' });
  const app = await createApp(settings, url, createLogger(settings));
  await listen(app, settings);
  try {
    const origin = await app.getUrl();
    const { tenant, flow_key } = await fillTenant(sql, rows);
    const database = app.get(TenantDatabase);
    const page = (slice: { discovery_flow_id: string | null; offset: number }) => () =>
      database.snapshot(tenant, async (tx) => ({
        rows: await listAssets(tx, { after: null, limit: 100, ...slice }),
        total: await countAssets(tx, slice.discovery_flow_id),
      }));
    const health = (scan: boolean) => () =>
      database.snapshot(tenant, (tx) => computeHealth(tx, { detail: false, scan }));
    const perRun = Math.min(rows, MOST_ROWS_PER_RUN);
    let runs = 0;
    const jobs: Record<string, Job> = {
      'list, page 1': { work: page({ discovery_flow_id: null, offset: 0 }) },
      'list, page 1 of a flow': { work: page({ discovery_flow_id: flow_key, offset: 0 }) },
      'list, half way': { work: page({ discovery_flow_id: null, offset: Math.floor(rows / 2) }) },
      'health, proven by keys': { work: health(false) },
      'health, scanned': { work: health(true) },
      [`persisting ${perRun} rows`]: {
        prepare: () => makeFlow(origin, perRun, { tenant, prefix: `run-${runs++}` }),
        work: (flow) => persistFlows(sql, [flow as PendingFlow]),
      },
    };
    const comparisons: Comparison[] = [];
    for (const [job, { prepare, work }] of Object.entries(jobs)) {
      const contender = (name: string, enabled: boolean) => ({
        name,
        prepare: async () => {
          await setRowSecurity(sql, enabled);
          const flow = await prepare?.();
          // The first call after the change plans anew.
          if (!prepare) await work(undefined);
          return flow;
        },
        work,
        calls: prepare ? 1 : CALLS,
      });
      const measured = await measure([contender(WITHOUT, false), contender('with them', true)], rounds);
      const title = `${job}, beside ${rows} rows`;
      comparisons.push(compare(title, measured, { baseline: WITHOUT, unit: 'ms' }));
    }
    return comparisons;
  } finally {
    await app.close();
  }
}

async function setRowSecurity(owner: Client, enabled: boolean): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT DISTINCT polrelid::regclass::text AS name FROM pg_policy WHERE polname = 'tenant_wall'`,
  );
  for (const { name } of rows) {
    await owner.query(`ALTER TABLE ${name} ${enabled ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`);
  }
}
