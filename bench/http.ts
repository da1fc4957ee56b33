import autocannon from 'autocannon';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tenant } from '../src/tenancy/tenant';
import type { BenchOptions } from './bench-options';
import { fillTenant } from './filled-tenant';
import { compare, type Comparison, median } from './measure';
import { type ServerProcess, startServerProcess } from './server-process';
import type { BenchServer } from './with-server';

const CONNECTIONS = 16;
/** Of each route in each round. */
const SECONDS = 3;
/** So many times as long before the first of them, until what is called all the time has been compiled for it. */
const WARM_UP = 3;
/** Of rows: below, somebody only sees whether it works. */
const TRIAL = 10_000;
const LIST = '/api/v1/unified-discovery/assets?page=1&page_size=100';
const HEALTH = '/api/v1/health/wiring';
const EMPTY = '/api/v1/empty';

interface Route {
  name: string;
  url: string;
}

/**
 * Requests a second over 16 connections, each server in a process of its own: page 1 of the list beside a bare server of the
 * same bytes and beside the way that NestJS and TypeORM offer, and a cached health beside an empty route of the service.
 */
export async function benchHttp(
  { url, dataDir, sql }: BenchServer,
  { rows, rounds }: BenchOptions,
): Promise<Comparison[]> {
  const { tenant } = await fillTenant(sql, rows);
  const logs = join(dataDir, 'logs');
  await mkdir(logs, { recursive: true });
  const servers: ServerProcess[] = [];
  const start = async (program: string, env: NodeJS.ProcessEnv = {}) => {
    const server = await startServerProcess(
      program,
      { DATABASE_URL: url, DATA_DIR: dataDir, RATE_LIMIT_PER_MINUTE: '0', ...env },
      join(logs, `${servers.length}.log`),
    );
    servers.push(server);
    return server.origin;
  };
  try {
    const ours = await start('dist/src/main.js');
    const bare = await start('bench/baselines/bare-fastify.ts', {
      CLIENT_ACCOUNT_ID: tenant.client_account_id,
      ENGAGEMENT_ID: tenant.engagement_id,
      TOTAL: String(rows),
    });
    const idiomatic = await start('bench/baselines/idiomatic-nest.ts');
    // The health and the empty route are of one process.
    const empty = await start('bench/baselines/service-with-empty-route.ts', {
      WIRING_HEALTH_CACHE_TTL_SECONDS: '86400',
    });
    const lists: [Route, ...Route[]] = [
      { name: 'bare Fastify and pg', url: bare + LIST },
      { name: 'ours', url: ours + LIST },
      { name: 'findAndCount on NestJS', url: idiomatic + LIST },
    ];
    await requireSameAnswers(lists, tenant);
    const how = { rounds, seconds: rows < TRIAL ? 1 : SECONDS };
    return [
      await compareRoutes(`page 1 of ${rows} assets`, lists, tenant, how),
      await compareRoutes(
        'the cached health',
        [
          { name: 'empty route of the service', url: empty + EMPTY },
          { name: 'cached health', url: empty + HEALTH },
          { name: 'empty route of NestJS', url: `${idiomatic}/empty` },
        ],
        tenant,
        how,
      ),
    ];
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** In turn and in changing order; the first of the routes is the baseline. */
async function compareRoutes(
  title: string,
  routes: readonly [Route, ...Route[]],
  tenant: Tenant,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Comparison> {
  const times = new Map<Route, number[]>(routes.map((route) => [route, []]));
  for (const route of routes) await msOfRequest(route, tenant, seconds * WARM_UP);
  for (let round = 0; round < rounds; round++) {
    for (const i of routes.keys()) {
      const route = routes[(i + round) % routes.length] ?? routes[0];
      times.get(route)?.push(await msOfRequest(route, tenant, seconds));
    }
  }
  const measured = [...times].map(([{ name }, ms]) => ({ name, ms, median: median(ms) }));
  const compared = compare(title, measured, { baseline: routes[0].name, unit: 'requests/s' });
  const perSecond = (ms: number) => 1000 / ms;
  return {
    ...compared,
    rows: compared.rows.map((row) => ({
      ...row,
      median: perSecond(row.median),
      least: perSecond(row.most),
      most: perSecond(row.least),
    })),
  };
}

/** @throws Error when an answer was not 200: what is refused is refused fast. */
async function msOfRequest({ url }: Route, tenant: Tenant, seconds: number): Promise<number> {
  const load = await autocannon({
    url,
    headers: headersOf(tenant),
    connections: CONNECTIONS,
    duration: seconds,
  });
  if (load.non2xx + load.errors > 0) {
    throw new Error(`${url}: ${load.non2xx} answers that were not 200, ${load.errors} errors`);
  }
  return (load.duration * 1000) / load['2xx'];
}

/** Whoever sent less would be faster for it. The blanks that PostgreSQL writes into jsonb are no difference. */
async function requireSameAnswers(routes: readonly Route[], tenant: Tenant): Promise<void> {
  const answers = new Set<string>();
  for (const { url } of routes) {
    const text = await (await fetch(url, { headers: headersOf(tenant) })).text();
    answers.add(JSON.stringify(JSON.parse(text)));
  }
  if (answers.size > 1) throw new Error('the servers answer different pages');
}

function headersOf({ client_account_id, engagement_id }: Tenant): Record<string, string> {
  return { 'x-client-account-id': client_account_id, 'x-engagement-id': engagement_id };
}
