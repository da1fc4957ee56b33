import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedServer, type EmbeddedServer } from '../../src/database/embedded-server';
import { runMigrations } from '../../src/database/run-migrations';
import { runRollback } from '../support/run-rollback';
import { waitFor } from '../support/wait-for';

jest.setTimeout(120_000);

/** Autovacuum is the server's: to hurry it needs a server of its own. */
let server: EmbeddedServer;
let dataDir: string;
let db: Client;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'autovacuum-'));
  // For root the server runs as another user, who must get in.
  await chmod(dataDir, 0o755);
  server = await startEmbeddedServer({ dataDir, settings: { fsync: 'off', autovacuum_naptime: '1s' } });
  await runMigrations(server.url, () => undefined);
  db = new Client({ connectionString: server.url });
  await db.connect();
  // May alter the tables, as their owner on a managed server may, and see or cancel no autovacuum.
  await db.query('CREATE ROLE dba LOGIN BYPASSRLS; GRANT postgres TO dba');
  await db.query(`ALTER TABLE migration.assets SET (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
    autovacuum_vacuum_insert_threshold = 1, autovacuum_vacuum_insert_scale_factor = 0)`);
  await db.query(
    `INSERT INTO migration.assets (client_account_id, engagement_id, id, name, asset_type)
     SELECT $1, $2, gen_random_uuid(), 'server ' || i, 'server' FROM generate_series(1, 20000) AS i`,
    [randomUUID(), randomUUID()],
  );
});

afterAll(async () => {
  await db.end();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Waits until autovacuum is at work on the assets, where it has to do for minutes. */
async function vacuumAtWork(purpose: string): Promise<void> {
  const isAtWork = async () => {
    const { rowCount } = await db.query(
      `SELECT FROM pg_stat_activity AS activity JOIN pg_locks AS held USING (pid)
       WHERE activity.query LIKE $1 AND held.relation = 'migration.assets'::regclass AND held.granted
         AND held.mode = 'ShareUpdateExclusiveLock'`,
      [`autovacuum: VACUUM%migration.assets${purpose}`],
    );
    return rowCount === 1;
  };
  await waitFor('autovacuum', isAtWork, 60_000);
}

function rollback(user: string, ...args: string[]) {
  const url = new URL(server.url);
  url.username = user;
  return runRollback(args, { DATABASE_URL: url.href });
}

describe('an ordinary autovacuum', () => {
  it.each([
    ['is cancelled', 'postgres'],
    ['gives way to a role that may not cancel it', 'dba'],
  ])('%s', async (_, user) => {
    await vacuumAtWork('');
    expect(await rollback(user)).toMatchObject({ code: 0, stderr: '' });
    await vacuumAtWork('');
    expect(await rollback(user, '--reapply')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('an autovacuum against wraparound', () => {
  const PURPOSE = ' (to prevent wraparound)';

  beforeAll(async () => {
    // An ordinary one that began while transactions are counted up would go on for minutes.
    await db.query(
      'ALTER TABLE migration.assets SET (autovacuum_enabled = false, autovacuum_freeze_max_age = 100000)',
    );
    await db.query(
      'DO $$ BEGIN FOR i IN 1..110000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$',
    );
  });

  it('is cancelled', async () => {
    await vacuumAtWork(PURPOSE);
    expect(await rollback('postgres')).toMatchObject({ code: 0, stderr: '' });
    await vacuumAtWork(PURPOSE);
    expect(await rollback('postgres', '--reapply')).toMatchObject({ code: 0, stderr: '' });
  });

  it('is named to a role that may not cancel it, and waits for nobody', async () => {
    await vacuumAtWork(PURPOSE);
    const { code, stderr } = await rollback('dba', '--deadline', '5', '--terminate-blockers');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ {2}pid \d+, a process of the server: .*: holds assets$/m);
    expect(stderr).toContain('takes pg_signal_backend, or a superuser');
  });
});
