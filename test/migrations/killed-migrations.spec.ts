import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import { MIGRATIONS } from '../../migrations/all-migrations';
import { revertMigration, runMigrations } from '../../src/database/run-migrations';
import { dumpCatalogue, dumpSchema } from '../support/schema-dump';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

const COMMAND = join(__dirname, '../../dist/scripts/migration.js');
const silent = () => undefined;
/** Any: held by the test, and wanted by whoever is at the step at which it is to be killed. */
const STEP_LOCK = 42;

jest.setTimeout(180_000);

describe('a run of the migrations that is killed', () => {
  let database: TestDatabase;
  let sql: Client;
  let undisturbed: { catalogue: string[]; dump: string | null };

  beforeAll(async () => {
    const whole = await createTestDatabase({ migrated: false });
    const client = new Client({ connectionString: whole.url });
    await client.connect();
    await runMigrations(whole.url, silent);
    undisturbed = { catalogue: await dumpCatalogue(client), dump: await dumpSchema(client, whole.url) };
    await client.end();
    await whole.drop();
    console.log(
      undisturbed.dump === null
        ? 'schemas are compared by the catalogue: no pg_dump of this version at hand'
        : 'schemas are compared by the catalogue and by pg_dump',
    );
  });

  beforeEach(async () => {
    database = await createTestDatabase({ migrated: false });
    sql = new Client({ connectionString: database.url });
    await sql.connect();
  });
  afterEach(async () => {
    await sql.end();
    await database.drop();
  });

  const rows = async <Row>(statement: string, values: unknown[] = []) =>
    (await sql.query(statement, values)).rows as Row[];

  async function expectWholeSchema(): Promise<void> {
    expect(await dumpCatalogue(sql)).toEqual(undisturbed.catalogue);
    expect(await dumpSchema(sql, database.url)).toBe(undisturbed.dump);
  }

  /** Whoever else is connected: both sessions of the run. */
  const killSessions = () =>
    sql.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    );

  it('ends with the same schema, at whatever step it was', async () => {
    await sql.query(`
      CREATE SEQUENCE public.steps;
      CREATE TABLE public.target AS SELECT 0::bigint AS step;
      CREATE FUNCTION public.count_step() RETURNS event_trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('public.steps') = (SELECT step FROM public.target) THEN
          PERFORM pg_advisory_lock(${STEP_LOCK});
        END IF;
      END $$;
      CREATE EVENT TRIGGER count_step ON ddl_command_start
        WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX', 'CREATE FUNCTION', 'CREATE POLICY', 'CREATE STATISTICS', 'CREATE SCHEMA',
                     'ALTER TABLE', 'DROP INDEX', 'GRANT', 'REVOKE')
        EXECUTE FUNCTION public.count_step()`);
    await sql.query(`SELECT pg_advisory_lock(${STEP_LOCK})`);
    const executed = async () => {
      const [table] = await rows<{ is: boolean }>(
        `SELECT to_regclass('migration.typeorm_migrations') IS NOT NULL AS is`,
      );
      return table!.is ? (await rows('SELECT FROM migration.typeorm_migrations')).length : 0;
    };
    let kills = 0;
    const killedIn = new Set<number>();
    for (let [step, before] = [1, 0]; ; kills++) {
      await sql.query(`SELECT setval('public.steps', 1, false)`);
      await sql.query('UPDATE public.target SET step = $1', [step]);
      const outcome = { end: '' };
      const run = runMigrations(database.url, silent).then(
        () => (outcome.end = 'done'),
        () => (outcome.end = 'killed'),
      );
      await waitFor('the step, or the end', async () => {
        const waiting = await rows(
          `SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
            WHERE l.locktype = 'advisory' AND l.objid = ${STEP_LOCK} AND NOT l.granted`,
        );
        return waiting.length > 0 || outcome.end !== '';
      });
      // The step is beyond the end of the run.
      if (outcome.end !== '') break;
      await killSessions();
      expect(await run).toBe('killed');
      const now = await executed();
      killedIn.add(now);
      // A migration is done again from its first step: what was before this one is behind us.
      step = now > before ? 2 : step + 1;
      before = now;
    }
    expect(killedIn.size).toBeGreaterThanOrEqual(MIGRATIONS.length - 3);
    expect(kills).toBeGreaterThan(60);
    await sql.query('DROP EVENT TRIGGER count_step');
    expect(await runMigrations(database.url, silent)).toEqual([]);
    await expectWholeSchema();
  });

  it('ends with the same schema when it was kill -9 in the middle of a concurrent build', async () => {
    await runMigrations(database.url, silent);
    // The newest builds indexes.
    await revertMigration(database.url, silent);
    const index = 'idx_assets_page';
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE migration.assets IN ROW EXCLUSIVE MODE');
    const child = spawn(process.execPath, [COMMAND, 'run'], {
      env: { PATH: process.env.PATH, DATABASE_URL: database.url },
      stdio: 'ignore',
    });
    const waiting = `FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'CREATE INDEX CONCURRENTLY%'`;
    await waitFor(
      'the build to wait for the writer',
      async () => (await rows(`SELECT ${waiting}`)).length > 0,
    );
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    // The server learns of it when the statement would answer.
    await sql.query(`SELECT pg_terminate_backend(pid, 5000) ${waiting}`);
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await dumpCatalogue(sql)).toContainEqual(expect.stringMatching(`index .*${index} .* valid f`));
    await runMigrations(database.url, silent);
    await expectWholeSchema();
  });

  it('is the same schema when two run at once', async () => {
    await Promise.all([runMigrations(database.url, silent), runMigrations(database.url, silent)]);
    await expectWholeSchema();
  });
});
