import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { Client } from 'pg';
import { runMigrations } from '../src/database/run-migrations';
import type { Tenant } from '../src/tenancy/tenant';
import { ApiClient, newTenant } from '../test/support/api-client';
import { breakLinksAtRandom, LINK_BREAKS } from '../test/support/broken-links';
import { serversCsv } from '../test/support/inventory';
import { ServiceProcess } from '../test/support/service-process';
import { waitFor } from '../test/support/wait-for';
import { dropWiringKeys } from '../test/support/wiring';
import { withServer } from './with-server';

const TENANTS = 5;
const REPAIR = '/health/wiring/repair';
const LONG_MS = 600_000;

/**
 * Links of every kind broken at random in five tenants, two of them engagements of one client, then each tenant repaired
 * over HTTP by plan and hash, and all of it undone. Exits 1 when a tenant is not as its last plan said, when undoing leaves
 * a byte changed, or when anything of another tenant changes. Rows per second stand beside those of a bare UPDATE that
 * sets the time of change of the same tenant's assets and records.
 *
 *   npm run bench:repair -- --assets 100000
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { assets: { type: 'string', default: '100000' }, share: { type: 'string', default: '0.01' } },
  });
  await withServer(async ({ url, dataDir, sql }) => {
    await runMigrations(url, () => undefined);
    const service = await ServiceProcess.start({
      DATABASE_URL: url,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'info',
      WIRING_HEALTH_CACHE_TTL_SECONDS: '0',
    });
    try {
      const bench = new RepairBench(service.origin, sql);
      await bench.fill(Math.ceil(Number(values.assets) / TENANTS));
      await dropWiringKeys(sql);
      await breakLinksAtRandom(sql, Number(values.share));
      await bench.repairAll();
      console.log(
        `${values.assets} assets of ${TENANTS} tenants, ${LINK_BREAKS.length + 2} kinds of broken links, each in ${values.share} of the rows`,
      );
      console.log(bench.report());
      for (const line of bench.left) console.log(line);
      for (const failure of bench.failures) console.error(failure);
      if (bench.failures.length > 0) process.exitCode = 1;
    } finally {
      await service.terminate();
    }
  });
}

type Metrics = Record<string, number>;

interface Plan {
  plan_hash: string | null;
  rows: number;
  metrics: { name: string; count: number; left: number }[];
  refused: { reason: string; count: number; description: string }[];
}

class RepairBench {
  readonly failures: string[] = [];
  readonly left: string[] = [];
  private readonly clients: ApiClient[] = [];
  private readonly table = new Table({
    head: [
      'tenant',
      'broken',
      'plans',
      'plan, s',
      'rows',
      'repair, s',
      'rows/s',
      'bare UPDATE, rows/s',
      'ratio',
      'undo, s',
      'left',
    ],
  });

  constructor(
    origin: string,
    private readonly sql: Client,
  ) {
    const first = newTenant();
    const tenants = [first, { ...first, engagement_id: randomUUID() }];
    while (tenants.length < TENANTS) tenants.push(newTenant());
    for (const tenant of tenants) this.clients.push(new ApiClient(origin, tenant));
  }

  report(): string {
    return this.table.toString();
  }

  async fill(rows: number): Promise<void> {
    for (const client of this.clients) {
      const { body: created } = await client.upload('servers.csv', serversCsv(rows));
      const { body: flow } = await client.post('/discovery-flows', {
        flow_name: 'bench',
        data_import_id: created.id,
      });
      const runs = `/discovery-flows/${String(flow.flow_id)}/runs`;
      const { body: run } = await client.post(runs);
      await waitFor(
        'the end of the run',
        async () => (await client.get(`${runs}/${String(run.id)}`)).body.status === 'completed',
        LONG_MS,
      );
    }
    await this.sql.query('VACUUM (ANALYZE) migration.assets, migration.raw_import_records');
  }

  async repairAll(): Promise<void> {
    for (const [i, client] of this.clients.entries()) {
      const before = await this.digests();
      const broken = await this.metrics(client);
      const repairs: string[] = [];
      let [planSeconds, repairSeconds, rows] = [0, 0, 0];
      const nextPlan = async () => {
        const [plan, seconds] = await timed(async () => (await client.get(REPAIR)).body as Plan);
        planSeconds = Math.max(planSeconds, seconds);
        return plan;
      };
      let plan = await nextPlan();
      // What is mended may bear out what was in doubt, so that another plan follows.
      for (; plan.plan_hash !== null; plan = await nextPlan()) {
        const [id, seconds] = await timed(() => this.repair(client, plan));
        repairs.unshift(id);
        repairSeconds += seconds;
        rows += plan.rows;
        const foreseen = Object.fromEntries(plan.metrics.map(({ name, left }) => [name, left]));
        this.check(`tenant ${i}: the health is what its plan said`, foreseen, await this.metrics(client));
      }
      const left = await this.metrics(client);
      const { health_status } = (await client.get('/health/wiring?verify=scan')).body as {
        health_status: string;
      };
      for (const { reason, count, description } of plan.refused) {
        this.left.push(`tenant ${i}, ${health_status}: ${count} ${reason}: ${description}`);
      }
      const unnamed = plan.refused.length === 0 && health_status !== 'healthy';
      this.check(`tenant ${i}: healthy, or what is left has a reason`, unnamed, false);
      const after = await this.digests();
      this.check(`tenant ${i}: others untouched`, without(after, i), without(before, i));
      const bare = await this.bareUpdate(client.tenant);
      const [, undoSeconds] = await timed(async () => {
        for (const id of repairs) {
          const { status } = await client.post(`${REPAIR}/${id}/undo`);
          if (status !== 202) throw new Error(`undo answered ${status}`);
          await this.ended(client, id);
        }
      });
      this.check(`tenant ${i}: every byte as it was`, await this.digests(), before);
      this.table.push([
        i,
        sum(broken),
        repairs.length,
        planSeconds.toFixed(2),
        rows,
        repairSeconds.toFixed(2),
        Math.round(rows / repairSeconds),
        Math.round(bare),
        (rows / repairSeconds / bare).toFixed(2),
        undoSeconds.toFixed(2),
        sum(left),
      ]);
    }
  }

  private async repair(client: ApiClient, { plan_hash }: Plan): Promise<string> {
    const { status, body } = await client.post(REPAIR, { plan_hash });
    if (status !== 202) throw new Error(`the repair answered ${status}`);
    const id = String(body.id);
    await this.ended(client, id);
    return id;
  }

  private ended(client: ApiClient, id: string): Promise<true> {
    return waitFor(
      'the end of the repair',
      async () => (await client.get(`${REPAIR}/${id}`)).body.finished_at !== null || null,
      LONG_MS,
    );
  }

  private async metrics(client: ApiClient): Promise<Metrics> {
    return (await client.get('/health/wiring?verify=scan')).body.metrics as Metrics;
  }

  /** Of all rows that a repair may write, to the last byte, by tenant. */
  private async digests(): Promise<string[]> {
    const digests: string[] = [];
    for (const { client_account_id, engagement_id } of this.clients.map(({ tenant }) => tenant)) {
      let text = '';
      for (const table of ['assets', 'raw_import_records', 'discovery_flows']) {
        const { rows } = await this.sql.query<{ digest: string }>(
          `SELECT md5(string_agg(md5(t::text), '' ORDER BY id)) AS digest FROM migration.${table} t
            WHERE client_account_id = $1 AND engagement_id = $2`,
          [client_account_id, engagement_id],
        );
        text += rows[0]?.digest ?? '';
      }
      digests.push(text);
    }
    return digests;
  }

  /** @returns rows per second. */
  private async bareUpdate({ client_account_id, engagement_id }: Tenant): Promise<number> {
    await this.sql.query('BEGIN');
    const [written, seconds] = await timed(async () => {
      let rows = 0;
      for (const table of ['assets', 'raw_import_records']) {
        const result = await this.sql.query(
          `UPDATE migration.${table} SET updated_at = now() WHERE client_account_id = $1 AND engagement_id = $2`,
          [client_account_id, engagement_id],
        );
        rows += result.rowCount ?? 0;
      }
      return rows;
    });
    await this.sql.query('ROLLBACK');
    return written / seconds;
  }

  private check(what: string, is: unknown, should: unknown): void {
    const [one, other] = [JSON.stringify(is), JSON.stringify(should)];
    if (one !== other) this.failures.push(`NOT SO: ${what}: ${one} and ${other}`);
  }
}

async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
}

/** `all_assets_missing_discovery_flow_id` counts again what another metric counts. */
function sum(metrics: Metrics): number {
  return Object.entries(metrics).reduce(
    (total, [name, count]) => total + (name.startsWith('all_') ? 0 : count),
    0,
  );
}

function without<Item>(items: readonly Item[], index: number): Item[] {
  return items.filter((_, i) => i !== index);
}

void main();
