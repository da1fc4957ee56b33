import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { Client } from 'pg';
import { DataSource, MigrationExecutor } from 'typeorm';
import { dataSourceOptions } from '../src/database/data-source-options';
import { runMigrations } from '../src/database/run-migrations';
import { WRITERS_GATE } from '../src/database/writers-gate';
import { MIGRATIONS } from '../migrations/all-migrations';
import { withServer } from './with-server';

const WRITERS = 6;
const TENANTS = 20;
const LIMIT_MS = 200;

/**
 * The longest that one of six writers, who insert a pair of asset and record and update another without pause, waits for
 * its transaction while the migrations run on a database with rows: beside as many seconds without a migration in the same
 * run. Exits 1 when a writer met an error, or when a migration made one wait 200 ms longer than it waits without any.
 *
 *   npm run bench:migrations -- --assets 200000
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { assets: { type: 'string', default: '200000' } } });
  await withServer(async ({ url, sql }) => {
    await createTables(url);
    await fill(sql, Number(values.assets));
    const writers = await Writers.start(url);
    const began = performance.now();
    const ran: { name: string; at: number }[] = [];
    const before = await writers.longest(() => pause(3_000));
    const during = await writers.longest(async () => {
      const names = runMigrations(url, console.error);
      const state = { isOver: false };
      void names.finally(() => (state.isOver = true)).catch(() => undefined);
      while (!state.isOver) {
        const { rows } = await sql.query<{ name: string }>(
          'SELECT name FROM migration.typeorm_migrations ORDER BY id',
        );
        for (const { name } of rows.slice(ran.length + 1)) ran.push({ name, at: performance.now() - began });
        await pause(5);
      }
      await names;
    });
    const seconds = (performance.now() - began) / 1000 - 3;
    const after = await writers.longest(() => pause(3_000));
    await writers.stop();
    const table = new Table({ head: ['', 'longest wait of a writer, ms', 'transactions/s'] });
    table.push(
      ['3 s before', before.longest.toFixed(0), before.rate.toFixed(0)],
      [
        `${MIGRATIONS.length - 1} migrations, ${seconds.toFixed(1)} s`,
        during.longest.toFixed(0),
        during.rate.toFixed(0),
      ],
      ['3 s after, keys and all indexes there', after.longest.toFixed(0), after.rate.toFixed(0)],
    );
    console.log(
      `${values.assets} assets and as many records, ${WRITERS} writers; ${writers.errors.length} errors`,
    );
    console.log(table.toString());
    for (const { at, ms } of during.slowest) {
      const next = ran.find((migration) => migration.at >= at);
      console.log(
        `${ms.toFixed(0)} ms, ended ${(at / 1000).toFixed(2)} s after the begin, by ${next?.name ?? 'the end'}`,
      );
    }
    for (const error of new Set(writers.errors)) console.error(error);
    const ordinary = Math.max(before.longest, after.longest);
    if (writers.errors.length > 0 || during.longest > ordinary + LIMIT_MS) process.exitCode = 1;
  });
}

/** The first migration alone: tables without indexes, keys and walls. */
async function createTables(url: string): Promise<void> {
  const dataSource = new DataSource(dataSourceOptions(url, { poolSize: 1 }));
  await dataSource.initialize();
  const runner = dataSource.createQueryRunner();
  await runner.query('CREATE SCHEMA migration');
  const executor = new MigrationExecutor(dataSource, runner);
  const [first] = await executor.getPendingMigrations();
  if (first) await executor.executeMigration(first);
  await runner.release();
  await dataSource.destroy();
}

/** Linked pairs, evenly spread over the tenants. */
async function fill(sql: Client, assets: number): Promise<void> {
  await sql.query(
    `WITH tenants AS MATERIALIZED (
       SELECT i, gen_random_uuid() AS client, gen_random_uuid() AS engagement FROM generate_series(1, $2::int) i
     ), pairs AS MATERIALIZED (
       SELECT t.client, t.engagement, n, gen_random_uuid() AS asset, gen_random_uuid() AS record
         FROM generate_series(1, $1::int) n JOIN tenants t ON t.i = 1 + n % $2
     ), records AS (
       INSERT INTO migration.raw_import_records
         (client_account_id, engagement_id, id, row_number, raw_data, asset_id, is_processed, fate)
       SELECT client, engagement, record, n, jsonb_build_object('Hostname', 'web-' || n), asset, true, 'created' FROM pairs
     )
     INSERT INTO migration.assets
       (client_account_id, engagement_id, id, name, asset_type, hostname, raw_import_records_id)
     SELECT client, engagement, asset, 'web-' || n, 'server', 'web-' || n, record FROM pairs`,
    [assets, TENANTS],
  );
  await sql.query('VACUUM (ANALYZE) migration.assets, migration.raw_import_records');
}

interface Lap {
  longest: number;
  /** Transactions per second. */
  rate: number;
  slowest: { at: number; ms: number }[];
}

/** Each writes without pause, in transactions of the service's kind: through the gate, the record first. */
class Writers {
  readonly errors: string[] = [];
  private readonly began = performance.now();
  private times: { at: number; ms: number }[] = [];
  private isOver = false;
  private work: Promise<unknown> = Promise.resolve();

  static async start(url: string): Promise<Writers> {
    const writers = new Writers();
    const clients = await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        const client = new Client({ connectionString: url });
        client.on('error', () => undefined);
        await client.connect();
        return client;
      }),
    );
    writers.work = Promise.all(clients.map((client) => writers.write(client)));
    return writers;
  }

  async longest(meanwhile: () => Promise<unknown>): Promise<Lap> {
    this.times = [];
    const start = performance.now();
    await meanwhile();
    const slowest = [...this.times].sort((one, other) => other.ms - one.ms).slice(0, 5);
    const rate = this.times.length / ((performance.now() - start) / 1000);
    return { longest: slowest[0]?.ms ?? 0, rate, slowest };
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.work;
  }

  private async write(client: Client): Promise<void> {
    const { rows } = await client.query<{ client: string; engagement: string; asset: string }>(
      `SELECT client_account_id AS client, engagement_id AS engagement, id AS asset
         FROM migration.assets ORDER BY random() LIMIT 1`,
    );
    const known = rows[0];
    if (!known) throw new Error('there is no asset');
    while (!this.isOver) {
      const start = performance.now();
      try {
        await client.query(`
          BEGIN;
          SELECT pg_advisory_xact_lock_shared(${WRITERS_GATE});
          SET LOCAL app.client_account_id = '${known.client}';
          SET LOCAL app.engagement_id = '${known.engagement}';
          WITH ids AS (SELECT gen_random_uuid() AS asset, gen_random_uuid() AS record), record AS (
            INSERT INTO migration.raw_import_records (client_account_id, engagement_id, id, asset_id, is_processed, fate)
            SELECT '${known.client}', '${known.engagement}', record, asset, true, 'created' FROM ids)
          INSERT INTO migration.assets (client_account_id, engagement_id, id, name, asset_type, raw_import_records_id)
          SELECT '${known.client}', '${known.engagement}', asset, 'new', 'server', record FROM ids;
          UPDATE migration.assets SET updated_at = now()
           WHERE client_account_id = '${known.client}' AND id = '${known.asset}';
          COMMIT`);
      } catch (error) {
        this.errors.push(String(error));
        await client.query('ROLLBACK').catch(() => undefined);
      }
      const end = performance.now();
      this.times.push({ at: end - this.began, ms: end - start });
    }
    await client.end();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

void main();
