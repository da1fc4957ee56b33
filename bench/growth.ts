import type { Client } from 'pg';
import { ServiceProcess } from '../test/support/service-process';
import type { BenchOptions } from './bench-options';
import { makeFlow, type PendingFlow, persistFlows } from './flows';
import { compare, type Comparison, type Measured, measure, summarise } from './measure';
import type { BenchServer } from './with-server';

const SMALLEST = 10_000;
const SMALL_TENANT = 1_000;
/** Small files that are uploaded at a time, as many as one service imports. */
const UPLOADS = 4;
const CALLS = 10;

type Costs = Record<string, Measured>;

/**
 * What a row, a page and a health cost over HTTP in tenants of growing size, up to `rows` of them, in one database. Small
 * tenants are made several times, the largest once. And what a row costs when as many rows are spread over tenants of a
 * thousand, who upload their files four at a time and whose runs are all queued at once.
 */
export async function benchGrowth(
  { url, sql, dataDir }: BenchServer,
  { rows, rounds }: BenchOptions,
): Promise<Comparison[]> {
  const service = await ServiceProcess.start({ DATABASE_URL: url, DATA_DIR: dataDir });
  try {
    const costs: Costs[] = [];
    for (const size of sizesUpTo(rows)) {
      const times = Math.min(rounds, Math.max(1, Math.floor(rows / size)));
      const { flow, ...written } = await writeTenants(service.origin, sql, { size, times });
      costs.push({ ...written, ...(await readTenant(sql, flow, { size, rounds })) });
    }
    const tenants = Math.min(1_000, Math.ceil(rows / SMALL_TENANT));
    costs.push(await writeSmallTenants(service.origin, sql, tenants));
    return Object.keys(costs[0] ?? {}).map((job) => {
      const measured = costs.flatMap((cost) => cost[job] ?? []);
      return compare(job, measured, { baseline: measured[0]?.name ?? '', unit: 'ms' });
    });
  } finally {
    await service.terminate();
  }
}

function sizesUpTo(rows: number): number[] {
  const sizes = [];
  for (let size = SMALLEST; size < rows; size *= 10) sizes.push(size);
  return [...sizes, rows];
}

async function writeTenants(
  origin: string,
  sql: Client,
  { size, times }: { size: number; times: number },
): Promise<{ flow: PendingFlow; 'ingest, a row': Measured; 'persist, a row': Measured }> {
  const [ingest, persist]: [number[], number[]] = [[], []];
  let flow: PendingFlow | undefined;
  for (let time = 0; time < Math.max(1, times); time++) {
    const begin = performance.now();
    const made = await makeFlow(origin, size);
    const uploaded = performance.now();
    await persistFlows(sql, [made]);
    ingest.push((uploaded - begin) / size);
    persist.push((performance.now() - uploaded) / size);
    flow = made;
  }
  if (!flow) throw new Error('no tenant was made');
  return {
    flow,
    'ingest, a row': summarise(nameOf(size), ingest),
    'persist, a row': summarise(nameOf(size), persist),
  };
}

async function readTenant(
  sql: Client,
  { client }: PendingFlow,
  { size, rounds }: { size: number; rounds: number },
): Promise<Costs> {
  const { rows: half } = await sql.query<{ id: string }>(
    `SELECT id FROM migration.assets WHERE client_account_id = $1 AND engagement_id = $2
      ORDER BY created_at, id LIMIT 1 OFFSET $3`,
    [client.tenant.client_account_id, client.tenant.engagement_id, Math.floor(size / 2)],
  );
  const paths = {
    'page 1 of 100 assets': '/unified-discovery/assets?page_size=100',
    'a page half way, by key': `/unified-discovery/assets?page_size=100&after=${half[0]?.id ?? ''}`,
    'health, proven by keys': '/health/wiring?refresh=true',
  };
  const costs: Costs = {};
  for (const [job, path] of Object.entries(paths)) {
    const work = async () => {
      const { status } = await client.get(path);
      if (status !== 200) throw new Error(`${path} was answered with ${status}`);
    };
    // The first page after a write counts the total.
    await work();
    const [measured] = await measure([{ name: nameOf(size), work, calls: CALLS }], rounds);
    if (measured) costs[job] = measured;
  }
  return costs;
}

async function writeSmallTenants(origin: string, sql: Client, tenants: number): Promise<Costs> {
  const name = `${tenants} tenants of ${SMALL_TENANT} rows`;
  const flows: PendingFlow[] = [];
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: UPLOADS }, async (_, first) => {
      for (let i = first; i < tenants; i += UPLOADS) flows.push(await makeFlow(origin, SMALL_TENANT));
    }),
  );
  const uploaded = performance.now();
  await persistFlows(sql, flows);
  const rows = tenants * SMALL_TENANT;
  return {
    'ingest, a row': summarise(name, [(uploaded - begin) / rows]),
    'persist, a row': summarise(name, [(performance.now() - uploaded) / rows]),
  };
}

const nameOf = (size: number) => `${size} rows`;
