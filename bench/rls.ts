import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { Client } from 'pg';
import { countAssets } from '../src/assets/queries/count-assets';
import { listAssets } from '../src/assets/queries/list-assets';
import { loadSettings } from '../src/config/settings';
import { createApp, listen } from '../src/create-app';
import { runMigrations } from '../src/database/run-migrations';
import { TenantDatabase } from '../src/database/tenant-database';
import { createLogger } from '../src/logging/create-logger';
import { computeHealth } from '../src/wiring-health/compute-health';
import { ApiClient, newTenant } from '../test/support/api-client';
import { waitFor } from '../test/support/wait-for';
import { withServer } from './with-server';

/**
 * What row-level security costs: list, health and persist of one tenant, with the policies of all tables enabled and
 * disabled in turn, on the same rows and server. Everything else stays as it is in both.
 *
 *   npm run bench:rls -- --rows 1000000
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '7' } },
  });
  await withServer(async ({ url, dataDir, sql: owner }) => {
    await runMigrations(url, () => undefined);
    const settings = loadSettings({
      LOG_LEVEL: 'silent',
      DATABASE_URL: url,
      DATA_DIR: dataDir,
      PORT: '0',
    });
    const app = await createApp(settings, url, createLogger(settings));
    await listen(app, settings);
    try {
      await measure(
        new ApiClient(await app.getUrl(), newTenant()),
        app.get(TenantDatabase),
        owner,
        Number(values.rows),
        Number(values.rounds),
      );
    } finally {
      await app.close();
    }
  });
}

const ROWS_PER_RUN = 20_000;
/** Of a job that takes milliseconds, one call alone is mostly noise. */
const CALLS = 5;

async function measure(
  client: ApiClient,
  database: TenantDatabase,
  owner: Client,
  rows: number,
  rounds: number,
): Promise<void> {
  const { tenant } = client;
  let machines = 0;
  const flowOver = async (count: number): Promise<string> => {
    const created = await client.upload('servers.csv', serversCsv(machines, count));
    machines += count;
    const flow = await client.post('/discovery-flows', {
      flow_name: 'bench',
      data_import_id: created.body.id,
    });
    return String(flow.body.flow_id);
  };
  const persist = (flow_id: string) => runToEnd(client, flow_id);
  const flowId = await flowOver(rows);
  await persist(flowId);
  await owner.query('VACUUM (ANALYZE) migration.assets, migration.raw_import_records');
  const flow = await owner.query<{ id: string }>(
    'SELECT id FROM migration.discovery_flows WHERE flow_id = $1',
    [flowId],
  );
  const discovery_flow_id = flow.rows[0]?.id ?? null;
  const page = (slice: { discovery_flow_id: string | null; offset: number }) => () =>
    database.snapshot(tenant, async (tx) => ({
      rows: await listAssets(tx, { after: null, limit: 100, ...slice }),
      total: await countAssets(tx, slice.discovery_flow_id),
    }));
  const health = (scan: boolean) => () =>
    database.snapshot(tenant, (tx) => computeHealth(tx, { detail: false, scan }));

  const jobs: Record<
    string,
    { prepare?: () => Promise<string>; work: (prepared: string) => Promise<unknown> }
  > = {
    'list, page 1': { work: page({ discovery_flow_id: null, offset: 0 }) },
    'list, page 1 of a flow': { work: page({ discovery_flow_id, offset: 0 }) },
    'list, half way': { work: page({ discovery_flow_id: null, offset: rows / 2 }) },
    'health, proven by keys': { work: health(false) },
    'health, scanned': { work: health(true) },
    [`persist ${ROWS_PER_RUN} rows`]: {
      prepare: () => flowOver(ROWS_PER_RUN),
      work: persist,
    },
  };

  const table = new Table({ head: ['job', 'without, ms', 'with, ms', 'ratio', 'spread of the ratio'] });
  for (const [job, { prepare, work }] of Object.entries(jobs)) {
    const times: Record<'with' | 'without', number[]> = { with: [], without: [] };
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 ? (['with', 'without'] as const) : (['without', 'with'] as const);
      for (const walls of order) {
        await setRowSecurity(owner, walls === 'with');
        const prepared = prepare ? await prepare() : '';
        // The first call after the change plans anew.
        if (!prepare) await work(prepared);
        const calls = prepare ? 1 : CALLS;
        const start = performance.now();
        for (let call = 0; call < calls; call++) await work(prepared);
        times[walls].push((performance.now() - start) / calls);
      }
    }
    const ratios = times.with.map((ms, i) => ms / (times.without[i] ?? NaN)).sort((a, b) => a - b);
    table.push([
      job,
      median(times.without).toFixed(1),
      median(times.with).toFixed(1),
      (median(times.with) / median(times.without)).toFixed(3),
      `${(ratios[0] ?? NaN).toFixed(2)} to ${(ratios.at(-1) ?? NaN).toFixed(2)}`,
    ]);
  }
  console.log(`${rows} assets and raw records in one tenant, ${rounds} rounds each way`);
  console.log(table.toString());
}

function serversCsv(first: number, count: number): string {
  const lines = ['Hostname,IP Address,Environment,CPU Cores,RAM (GB),Rack'];
  for (let i = first; i < first + count; i++) {
    const address = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
    lines.push(`web-${i},${address},PROD,${1 + (i % 16)},${4 + (i % 60)},R${i % 40}`);
  }
  return lines.join('\n');
}

async function runToEnd(client: ApiClient, flow_id: string): Promise<void> {
  const runs = `/discovery-flows/${flow_id}/runs`;
  const started = await client.post(runs);
  const end = await waitFor(
    'the end of the run',
    async () => {
      const { body } = await client.get(`${runs}/${String(started.body.id)}`);
      return ['queued', 'running'].includes(String(body.status)) ? null : body;
    },
    600_000,
  );
  if (end.created !== end.total_records) throw new Error(`the run made ${String(end.created)} assets`);
}

async function setRowSecurity(owner: Client, enabled: boolean): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT DISTINCT polrelid::regclass::text AS name FROM pg_policy WHERE polname = 'tenant_wall'`,
  );
  for (const { name } of rows) {
    await owner.query(`ALTER TABLE ${name} ${enabled ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

void main();
