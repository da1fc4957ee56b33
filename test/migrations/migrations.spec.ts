import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { MIGRATIONS } from '../../migrations/all-migrations';
import { revertMigration, runMigrations } from '../../src/database/run-migrations';
import { showMigrations } from '../../src/database/show-migrations';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

const NAMES = MIGRATIONS.map((Migration) => new Migration().name);
const silent = () => undefined;

describe('migrations', () => {
  let database: TestDatabase;
  let sql: Client;

  const rows = async <Row>(statement: string, values: unknown[] = []) =>
    (await sql.query(statement, values)).rows as Row[];

  beforeEach(async () => {
    database = await createTestDatabase({ migrated: false });
    sql = new Client({ connectionString: database.url });
    await sql.connect();
  });

  afterEach(async () => {
    await sql.end();
    await database.drop();
  });

  it('all run on a bare database, once', async () => {
    expect(await runMigrations(database.url, silent)).toEqual(NAMES);
    expect(await runMigrations(database.url, silent)).toEqual([]);
    expect(await showMigrations(database.url)).toEqual(NAMES.map((name) => `[X] ${name}`));
  });

  it('go down one by one and up again with linked rows present', async () => {
    await runMigrations(database.url, silent);
    const tenant = await insertLinkedPair();
    // The last step down drops the tables, and the rows with them; every other one keeps them.
    for (const name of [...NAMES].reverse().slice(0, -1)) {
      expect(await revertMigration(database.url, silent)).toBe(name);
      expect(await rows('SELECT asset_id FROM migration.raw_import_records')).toHaveLength(1);
    }
    expect(
      await rows(
        `SELECT 1 FROM pg_constraint WHERE contype = 'f' AND connamespace = 'migration'::regnamespace`,
      ),
    ).toEqual([]);

    expect(await runMigrations(database.url, silent)).toEqual(NAMES.slice(1));
    expect(await invalidOrNotValid()).toEqual([]);
    expect(await rows('SELECT client_account_id FROM migration.assets')).toEqual([
      { client_account_id: tenant },
    ]);

    while ((await revertMigration(database.url, silent)) !== null);
    expect(
      await rows(
        `SELECT 1 FROM pg_class WHERE relnamespace = 'migration'::regnamespace AND relname = 'assets'`,
      ),
    ).toEqual([]);
    expect(await revertMigration(database.url, silent)).toBeNull();
  });

  it('name every key, index and check, and lead every key with the tenant', async () => {
    await runMigrations(database.url, silent);
    const keys = await rows<{ name: string; definition: string }>(
      `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
        WHERE connamespace = 'migration'::regnamespace AND contype IN ('p', 'f', 'u')
          -- These two are about the schema, which is no tenant's.
          AND conrelid NOT IN ('migration.typeorm_migrations'::regclass, 'migration.schema_audit_events'::regclass)`,
    );
    expect(keys.length).toBeGreaterThan(20);
    for (const { name, definition } of keys) {
      expect(name).toMatch(/^(pk|fk)_[a-z_]+$/);
      expect(definition).toMatch(
        /^(PRIMARY KEY \(client_account_id, |FOREIGN KEY \(client_account_id, engagement_id, )/,
      );
    }
  });

  it("build the specification's four indexes with its columns", async () => {
    await runMigrations(database.url, silent);
    const indexes = await rows<{ name: string; columns: string }>(
      `SELECT indexname AS name, substring(indexdef FROM '\\((.*)\\)') AS columns FROM pg_indexes
        WHERE schemaname = 'migration' ORDER BY 1`,
    );
    expect(indexes).toEqual(
      expect.arrayContaining([
        {
          name: 'idx_assets_tenant_discovery',
          columns: 'client_account_id, engagement_id, discovery_method, discovery_flow_id',
        },
        {
          name: 'idx_assets_tenant_raw_import',
          columns: 'client_account_id, engagement_id, raw_import_records_id',
        },
        {
          name: 'idx_raw_import_tenant_processed',
          columns: 'client_account_id, engagement_id, is_processed, asset_id',
        },
        { name: 'idx_raw_import_tenant_id', columns: 'client_account_id, engagement_id, id' },
      ]),
    );
  });

  it('let one of two runners wait for the other', async () => {
    const notices: string[] = [];
    const ran = await Promise.all(
      [1, 2].map(() => runMigrations(database.url, (line) => notices.push(line))),
    );
    expect(ran.flat()).toEqual(NAMES);
    expect(notices.filter((line) => line.includes('waiting'))).toHaveLength(1);
  });

  it.each([
    ['before', [NAMES[1]]],
    ['after', []],
  ])('rebuild an index that was left invalid %s its migration was recorded', async (when, runAgain) => {
    await runMigrations(database.url, silent);
    if (when === 'before')
      await sql.query('DELETE FROM migration.typeorm_migrations WHERE name = $1', [NAMES[1]]);
    await interruptBuild('idx_assets_tenant_discovery');
    await expect(invalidOrNotValid()).resolves.toEqual(['idx_assets_tenant_discovery']);
    expect(await showMigrations(database.url)).toContain(
      'invalid index migration.idx_assets_tenant_discovery',
    );

    const notices: string[] = [];
    expect(await runMigrations(database.url, (line) => notices.push(line))).toEqual(runAgain);

    expect(notices).toEqual(['rebuilding invalid index idx_assets_tenant_discovery']);
    expect(await invalidOrNotValid()).toEqual([]);
  });

  /** A real interruption: the build waits for a transaction that holds the table, and its session is ended. */
  async function interruptBuild(index: string): Promise<void> {
    await sql.query(`DROP INDEX migration.${index}`);
    const holder = new Client({ connectionString: database.url });
    const builder = new Client({ connectionString: database.url, application_name: 'builder' });
    await Promise.all([holder.connect(), builder.connect()]);
    builder.on('error', silent);
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE migration.assets IN ROW EXCLUSIVE MODE');
    const build = builder
      .query(
        `CREATE INDEX CONCURRENTLY ${index}
           ON migration.assets (client_account_id, engagement_id, discovery_method, discovery_flow_id)`,
      )
      .catch(silent);
    await waitFor('the build to wait', async () => {
      const waiting = await rows(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'builder' AND wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
    await sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'builder'`,
    );
    await build;
    await holder.query('ROLLBACK');
    await holder.end();
  }

  async function invalidOrNotValid(): Promise<string[]> {
    const found = await rows<{ name: string }>(
      `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid
       UNION ALL SELECT conname FROM pg_constraint WHERE NOT convalidated`,
    );
    return found.map(({ name }) => name);
  }

  async function insertLinkedPair(): Promise<string> {
    const [client, engagement, asset, record] = [1, 2, 3, 4].map(() => randomUUID());
    await sql.query('BEGIN');
    await sql.query(
      `INSERT INTO migration.raw_import_records (client_account_id, engagement_id, id, raw_data, asset_id, is_processed)
       VALUES ($1, $2, $3, '{"Name": "a"}', $4, true)`,
      [client, engagement, record, asset],
    );
    await sql.query(
      `INSERT INTO migration.assets (client_account_id, engagement_id, id, name, asset_type, raw_import_records_id)
       VALUES ($1, $2, $3, 'a', 'server', $4)`,
      [client, engagement, asset, record],
    );
    await sql.query('COMMIT');
    return client!;
  }
});
