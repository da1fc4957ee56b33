import { setTimeout as delay } from 'node:timers/promises';
import { Logger as QueueLogger, runMigrations as installQueue } from 'graphile-worker';
import { Client } from 'pg';
import { DataSource, MigrationExecutor, QueryFailedError, type QueryRunner } from 'typeorm';
import type { LockingMigration } from '../../migrations/locking-migration';
import { admitServiceToQueue } from './admit-service-to-queue';
import { dataSourceOptions } from './data-source-options';
import { describeBlocker } from './locking/describe-blocker';
import { CLOSE_GATE, lockTables, type NeededLocks } from './locking/table-locks';
import { type Patience, StillBlockedError, untilUnblocked } from './locking/until-unblocked';
import { repairInvalidIndexes } from './repair-invalid-indexes';
import { requireBypass } from './require-bypass';
import { schemaState } from './schema-state';

export type Notice = (line: string) => void;

// Any constant of our own: two runners on one database must agree on it.
const MIGRATION_LOCK = '7301864221002';
const POLL_MS = 200;
/** Together below 200 ms, which is as long as a writer may have to wait for a migration. */
const PATIENCE: Patience = {
  lockTimeoutMs: 75,
  longestGateMs: 75,
  deadlockTimeoutMs: null,
  // An upload holds the gate for as long as its file is long.
  deadlineMs: 600_000,
  terminateBlockers: false,
  onTerminated: () => undefined,
};
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
    const ran = await withDataSource(url, (dataSource) => runPending(dataSource, client, notice));
    // A build of a runner that was killed may have gone on beside ours, and have failed since.
    await repairInvalidIndexes(client, notice);
    await installQueue({ connectionString: url, logger: SILENT });
    await admitServiceToQueue(client);
    return ran;
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

/** Oldest first, each in a transaction of its own or in none. @returns the names of those that ran. */
async function runPending(dataSource: DataSource, client: Client, notice: Notice): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    // What a runner that is killed leaves ends with it, soon, and not when its statement does; where the server can tell.
    await runner.query(`SET client_connection_check_interval = '1s'`).catch(() => undefined);
    const executor = new MigrationExecutor(dataSource, runner);
    const ran: string[] = [];
    for (const migration of await executor.getPendingMigrations()) {
      // The lock is this session's: without it another runner may be at work by now.
      await client.query('SELECT');
      const run = () => executor.executeMigration(migration);
      const { transaction, locks } = migration.instance as LockingMigration;
      if (transaction === false) await run();
      else if (!locks) await inTransaction(runner, run);
      else await runLocking({ name: migration.name, locks, runner, client, notice, run });
      ran.push(migration.name);
    }
    return ran;
  } finally {
    await runner.release();
  }
}

interface Locking {
  name: string;
  locks: NeededLocks['locks'];
  runner: QueryRunner;
  /** To look for whoever is in the way. */
  client: Client;
  notice: Notice;
  run: () => Promise<unknown>;
}

/**
 * With every lock in hand before the first change, and none of them waited for: what cannot be had soon is let go, so that
 * those who queued behind go on, and tried again.
 */
async function runLocking({ name, locks, runner, client, notice, run }: Locking): Promise<void> {
  let isFirst = true;
  try {
    await untilUnblocked(
      client,
      { gated: true, locks },
      PATIENCE,
      async ({ gateTimeoutMs, lockTimeoutMs }) => {
        if (!isFirst) notice(`${name} waits for its locks`);
        isFirst = false;
        await inTransaction(runner, async () => {
          await runner.query(`SET LOCAL lock_timeout = ${gateTimeoutMs}`);
          await runner.query(CLOSE_GATE);
          // Of all tables together, since the first ones are locked while the last ones are waited for.
          await runner.query(
            `SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL statement_timeout = ${lockTimeoutMs}`,
          );
          await runner.query(lockTables(locks));
          await runner.query('SET LOCAL statement_timeout = 0');
          await run();
        });
      },
    );
  } catch (error) {
    if (!(error instanceof StillBlockedError)) throw error;
    throw new Error(
      [
        `${name} did not get its locks within ${PATIENCE.deadlineMs / 60_000} minutes, and nothing of it was done. In the way:`,
        ...error.blockers.map((blocker) => `  ${describeBlocker(blocker)}`),
        ...(error.blockers.length === 0 ? ['  transactions that come and go'] : []),
        'End them, and run the migrations again: they go on with this one.',
      ].join('\n'),
      { cause: error },
    );
  }
}

async function inTransaction(runner: QueryRunner, work: () => Promise<unknown>): Promise<void> {
  await runner.startTransaction();
  try {
    await work();
    await runner.commitTransaction();
  } catch (error) {
    // On a broken connection ROLLBACK fails too; the first error is the one that says why.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error instanceof QueryFailedError ? error.driverError : error;
  }
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
  // A connection that is cut between two statements is told by the next one.
  client.on('error', () => undefined);
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
