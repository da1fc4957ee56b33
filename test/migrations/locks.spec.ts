import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import type { LockingMigration } from '../../migrations/locking-migration';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { TABLE_LOCKS } from '../../src/database/locking/table-locks';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

/** A writer holds ROW EXCLUSIVE, which goes together with the locks up to SHARE UPDATE EXCLUSIVE. */
const HINDERS_WRITERS = TABLE_LOCKS.indexOf('ShareLock');

const inSql = (mode: string) =>
  mode
    .replace('Lock', '')
    .replaceAll(/\B([A-Z])/g, ' $1')
    .toUpperCase();

describe('the locks of a migration', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let runner: QueryRunner;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    dataSource = new DataSource(dataSourceOptions(database.url, { poolSize: 1 }));
    await dataSource.initialize();
    runner = dataSource.createQueryRunner();
    await runner.query('CREATE SCHEMA migration');
  });
  afterAll(async () => {
    await runner.release();
    await dataSource.destroy();
    await database.drop();
  });

  /** Tables that were there before, each with the strongest lock that the transaction holds on it. */
  async function held(before: ReadonlySet<string>): Promise<[string, string][]> {
    const locks = (await runner.query(
      `SELECT c.relname AS table, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
        WHERE l.pid = pg_backend_pid() AND l.granted AND c.relkind = 'r' AND c.relnamespace = 'migration'::regnamespace
          AND c.relname <> 'typeorm_migrations'
        ORDER BY 1`,
    )) as { table: string; mode: string }[];
    const strongest = new Map<string, string>();
    for (const { table, mode } of locks) {
      const known = strongest.get(table);
      if (before.has(table) && (!known || TABLE_LOCKS.indexOf(mode) > TABLE_LOCKS.indexOf(known)))
        strongest.set(table, mode);
    }
    return [...strongest];
  }
  const tables = async () => {
    const rows = (await runner.query(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'migration'::regnamespace`,
    )) as { name: string }[];
    return new Set(rows.map(({ name }) => name));
  };

  it('are those that it declares where writers would wait for them, and stand in docs/migrations.md', async () => {
    const executor = new MigrationExecutor(dataSource, runner);
    const lines: string[] = [];
    for (const migration of await executor.getPendingMigrations()) {
      const { transaction, locks = [] } = migration.instance as LockingMigration;
      if (transaction === false) {
        await executor.executeMigration(migration);
        lines.push(`| \`${migration.name}\` | SHARE UPDATE EXCLUSIVE, one index after the other | no |`);
        continue;
      }
      const before = await tables();
      await runner.startTransaction();
      await executor.executeMigration(migration);
      const found = await held(before);
      await runner.commitTransaction();
      const hindering = found.filter(([, mode]) => TABLE_LOCKS.indexOf(mode) >= HINDERS_WRITERS);
      expect({ name: migration.name, locks: Object.fromEntries(hindering) }).toEqual({
        name: migration.name,
        locks: Object.fromEntries(locks.map(({ table, mode }) => [table, mode])),
      });
      const byMode = new Map<string, string[]>();
      for (const [table, mode] of found.filter(([, held]) => held !== 'AccessShareLock'))
        byMode.set(mode, [...(byMode.get(mode) ?? []), table]);
      const told = [...byMode].map(([mode, on]) => `${inSql(mode)} on ${on.sort().join(', ')}`).join('; ');
      lines.push(
        `| \`${migration.name}\` | ${told || 'none: new tables and functions'} | ${hindering.length > 0 ? 'at the gate, for milliseconds' : 'no'} |`,
      );
    }
    const documented = readFileSync(join(__dirname, '../../docs/migrations.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.replaceAll(/ +/g, ' '));
    expect(documented).toEqual(lines);
  });
});
