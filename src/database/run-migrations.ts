import { setTimeout as delay } from 'node:timers/promises';
import { Logger as QueueLogger, runMigrations as installQueue } from 'graphile-worker';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { admitServiceToQueue } from './admit-service-to-queue';
import { dataSourceOptions } from './data-source-options';
import { repairInvalidIndexes } from './repair-invalid-indexes';
import { requireBypass } from './require-bypass';
import { schemaState } from './schema-state';

export type Notice = (line: string) => void;

// Any constant of our own: two runners on one database must agree on it.
const MIGRATION_LOCK = '7301864221002';
const POLL_MS = 200;
const SILENT = new QueueLogger(() => () => undefined);

/**
 * Brings the schema up to date. Two at once are safe: one waits for the other.
 * @returns the names of the migrations that ran.
 */
export function runMigrations(url: string, notice: Notice): Promise<string[]> {
  return underMigrationLock(url, notice, async (client) => {
    await requireBypass(client);
    // TypeORM does not create the schema that holds its own history table.
    const { rowCount } = await client.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'migration'`);
    if (rowCount === 0) await client.query('CREATE SCHEMA migration');
    await repairInvalidIndexes(client, notice);
    const ran = await withDataSource(url, (dataSource) => dataSource.runMigrations({ transaction: 'each' }));
    await installQueue({ connectionString: url, logger: SILENT });
    await admitServiceToQueue(client);
    return ran.map(({ name }) => name);
  });
}

/** Takes back the newest migration. @returns its name, or null when there is none. */
export function revertMigration(url: string, notice: Notice): Promise<string | null> {
  return underMigrationLock(url, notice, async (client) => {
    const newest = (await schemaState(async (sql) => (await client.query<object>(sql)).rows))
      .filter(({ executed }) => executed)
      .at(-1)?.name;
    if (newest === undefined) return null;
    await withDataSource(url, async (dataSource) => {
      const own = dataSource.migrations.find(({ name }) => name === newest);
      // TypeORM ignores a migration's own `transaction = false` when it reverts.
      await dataSource.undoLastMigration({ transaction: own?.transaction === false ? 'none' : 'each' });
    });
    return newest;
  });
}

async function withDataSource<Result>(url: string, work: (dataSource: DataSource) => Promise<Result>) {
  const options = dataSourceOptions(url, { poolSize: 1 });
  // Building an index or validating a key takes as long as the table is large.
  const extra = { ...(options.extra as object), statement_timeout: 0, lock_timeout: 0, query_timeout: 0 };
  const dataSource = new DataSource({ ...options, extra });
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * TypeORM has no lock of its own. The lock is polled: a session that blocks in an advisory wait holds a snapshot
 * that CREATE INDEX CONCURRENTLY waits for, and the two would wait for each other.
 */
async function underMigrationLock<Result>(
  url: string,
  notice: Notice,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: url, application_name: 'discovery-wiring migration' });
  await client.connect();
  try {
    let waiting = false;
    while (!(await tryLock(client))) {
      if (!waiting) notice('another migration runner is at work; waiting for it');
      waiting = true;
      await delay(POLL_MS);
    }
    return await work(client);
  } finally {
    await client.end();
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
    MIGRATION_LOCK,
  ]);
  return rows[0]?.locked === true;
}
