import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { findServer } from '../../src/database/embedded/find-server.spec-helper';
import { WIRING_KEYS } from '../../src/database/wiring-keys';
import { WRITERS_GATE } from '../../src/database/writers-gate';
import { runRollback } from '../support/run-rollback';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

jest.setTimeout(60_000);

const NAMES = WIRING_KEYS.map(({ name }) => name);
const TENANT = [randomUUID(), randomUUID()];

let database: TestDatabase;
let db: Client;
const clients: Client[] = [];

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: database.url, application_name: 'the neighbour' });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

beforeEach(async () => {
  database = await createTestDatabase();
  db = await connect();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
  await database.drop();
});

const rollback = (args: string[], env: NodeJS.ProcessEnv = { DATABASE_URL: database.url }) =>
  runRollback(args, env);

/** name → convalidated, of the keys that are there. */
async function keys(): Promise<Record<string, boolean>> {
  const { rows } = await db.query<{ name: string; valid: boolean }>(
    `SELECT conname AS name, convalidated AS valid FROM pg_constraint WHERE conname = ANY($1)`,
    [NAMES],
  );
  return Object.fromEntries(rows.map(({ name, valid }) => [name, valid]));
}

const ALL_VALID = Object.fromEntries(NAMES.map((name) => [name, true]));

const insertAsset = (columns: Record<string, string>, tenant = TENANT) =>
  insert('assets', { id: randomUUID(), name: 'a', asset_type: 'server', ...columns }, tenant);
const insertRaw = (columns: Record<string, string>, tenant = TENANT) =>
  insert('raw_import_records', { id: randomUUID(), row_number: '1', ...columns }, tenant);
const insertFlow = (columns: Record<string, string>, tenant = TENANT) =>
  insert('discovery_flows', { id: randomUUID(), flow_id: randomUUID(), flow_name: 'f', ...columns }, tenant);

async function insert(
  table: string,
  columns: Record<string, string>,
  [client, engagement]: string[],
  on = db,
) {
  const row = { client_account_id: client, engagement_id: engagement, ...columns };
  const places = Object.keys(row).map((_, i) => `$${i + 1}`);
  await on.query(
    `INSERT INTO migration.${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`,
    [...Object.values(row)],
  );
}

/** A session that sits in a transaction and holds whatever the statement locked. */
async function idleInTransaction(sql: string): Promise<{ client: Client; pid: number }> {
  const client = await connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await client.query('BEGIN');
  await client.query(sql);
  return { client, pid: rows[0]!.pid };
}

describe('dropping', () => {
  it('removes every key at once, and again without complaint', async () => {
    expect(await keys()).toEqual(ALL_VALID);
    const first = await rollback([]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/Dropped 6 in one transaction \(1 attempt, \d+ ms\)/);
    expect(await keys()).toEqual({});

    const second = await rollback([]);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain('Nothing to drop.');
  });

  it('takes one key alone', async () => {
    expect(await rollback(['--only', 'fk_assets_master_flow'])).toMatchObject({ code: 0 });
    expect(Object.keys(await keys()).sort()).toEqual(
      NAMES.filter((name) => name !== 'fk_assets_master_flow').sort(),
    );
  });

  it('drops what is left of a half rollback, whatever its state', async () => {
    await db.query(`ALTER TABLE migration.assets DROP CONSTRAINT fk_assets_discovery_flow`);
    await db.query(`ALTER TABLE migration.assets DISABLE TRIGGER ALL`);
    expect(await rollback([])).toMatchObject({ code: 0 });
    expect(await keys()).toEqual({});
  });

  it('changes nothing in a dry run, which names the SQL and who would block it', async () => {
    const { pid } = await idleInTransaction('SELECT count(*) FROM migration.data_imports');
    const { code, stdout } = await rollback(['--dry-run']);
    expect(code).toBe(0);
    for (const name of NAMES) expect(stdout).toContain(`DROP CONSTRAINT IF EXISTS ${name};`);
    expect(stdout).toContain(
      'LOCK TABLE migration.raw_import_records, migration.assets, migration.discovery_flows',
    );
    expect(stdout).toMatch(new RegExp(`pid ${pid}, user \\w+, the neighbour: idle in transaction`));
    expect(await keys()).toEqual(ALL_VALID);
  });

  it('runs exactly the SQL that the dry run prints', async () => {
    const { stdout } = await rollback(['--dry-run']);
    await db.query(stdout.slice(stdout.indexOf('BEGIN;'), stdout.indexOf('COMMIT;') + 7));
    expect(await keys()).toEqual({});
  });
});

describe('the audit of the schema', () => {
  const events = async () =>
    (
      await db.query<{ database_user: string; action: string; detail: { keys: string[]; count: number } }>(
        `SELECT database_user, action, detail FROM migration.schema_audit_events ORDER BY id`,
      )
    ).rows;
  const sorted = [...NAMES].sort();
  const ofKeys = (action: string, keys: string[]) => ({ action, detail: { keys, count: keys.length } });

  it('has each change once, by whom it was made, and nothing where nothing was changed', async () => {
    const only = 'fk_assets_discovery_flow';
    await rollback(['--dry-run']);
    await rollback(['--only', only]);
    await rollback([]);
    await rollback([]);
    const rest = sorted.filter((name) => name !== only);
    const { rows } = await db.query<{ me: string }>('SELECT session_user AS me');
    expect(await events()).toEqual([
      { database_user: rows[0]!.me, ...ofKeys('wiring_keys.dropped', [only]) },
      { database_user: rows[0]!.me, ...ofKeys('wiring_keys.dropped', rest) },
    ]);

    await insertAsset({ discovery_flow_id: randomUUID() });
    expect((await rollback(['--reapply'])).code).toBe(1);
    const again = (await events()).slice(2);
    expect(again).toHaveLength(2 * NAMES.length - 1);
    for (const name of NAMES) {
      // The key that a row violates binds new rows, and was not validated.
      expect(again.filter(({ detail }) => detail.keys.includes(name))).toMatchObject(
        [ofKeys('wiring_keys.added', [name]), ofKeys('wiring_keys.validated', [name])].slice(
          0,
          name === only ? 1 : 2,
        ),
      );
    }
  });

  it('is lost with a drop that is rolled back', async () => {
    await idleInTransaction('LOCK TABLE migration.crewai_flow_state_extensions IN ACCESS SHARE MODE');
    expect((await rollback(['--deadline', '1'])).code).toBe(1);
    expect(await events()).toEqual([]);
  });

  it('neither holds up nor fails a rollback when it cannot be written', async () => {
    const { client } = await idleInTransaction('LOCK TABLE migration.schema_audit_events');
    const locked = await rollback(['--deadline', '1']);
    expect(locked).toMatchObject({ code: 0, stdout: expect.stringContaining('(1 attempt,') });
    expect(locked.stderr).toMatch(/not recorded in migration\.schema_audit_events: could not obtain lock/);
    await client.query('ROLLBACK');
    expect(await keys()).toEqual({});

    await db.query('DROP TABLE migration.schema_audit_events');
    const absent = await rollback(['--reapply']);
    expect(absent).toMatchObject({ code: 0, stderr: expect.stringContaining('does not exist') });
    expect(await keys()).toEqual(ALL_VALID);
    expect((await rollback([])).code).toBe(0);
    expect(await keys()).toEqual({});
  });
});

describe('in the way', () => {
  it('makes it give up at the deadline, with all keys in place, naming who it was', async () => {
    // Reads the table that is locked last: what was dropped or locked before must come back.
    const { pid } = await idleInTransaction('SELECT count(*) FROM migration.crewai_flow_state_extensions');
    const { code, stderr } = await rollback(['--deadline', '1']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Gave up after \d+ attempts, \d+\.\d s\. In the way:$/m);
    expect(stderr).toMatch(
      new RegExp(
        `pid ${pid}, user \\w+, the neighbour: idle in transaction for \\d+\\.\\d s, latest statement begun \\d+\\.\\d s ago: holds crewai_flow_state_extensions$`,
        'm',
      ),
    );
    expect(await keys()).toEqual(ALL_VALID);
  });

  it('is ended on request, and nobody else is', async () => {
    const { client, pid } = await idleInTransaction('SELECT count(*) FROM migration.assets');
    const innocent = await idleInTransaction('SELECT count(*) FROM migration.import_field_mappings');
    const { code, stdout } = await rollback(['--terminate-blockers']);
    expect(code).toBe(0);
    expect(stdout.match(/^terminated {2}pid \d+/gm)).toEqual([`terminated  pid ${pid}`]);
    await expect(client.query('SELECT 1')).rejects.toThrow();
    await innocent.client.query('COMMIT');
    expect(await keys()).toEqual({});
  });

  it('is a writer who holds the gate, before he has touched any table', async () => {
    const { pid } = await idleInTransaction(`SELECT pg_advisory_xact_lock_shared(${WRITERS_GATE})`);
    const { code, stderr } = await rollback(['--deadline', '1']);
    expect(code).toBe(1);
    expect(stderr).toContain(`pid ${pid},`);
  });

  it('is tried again, until he is gone', async () => {
    const { client } = await idleInTransaction('SELECT count(*) FROM migration.assets');
    const running = rollback([]);
    const attempts = new Set<string>();
    while (attempts.size < 2) {
      const { rows } = await db.query<{ began: string }>(
        `SELECT xact_start::text AS began FROM pg_stat_activity
         WHERE application_name = 'rollback-wiring-constraints' AND datname = current_database()
           AND wait_event_type = 'Lock'`,
      );
      for (const { began } of rows) attempts.add(began);
    }
    await client.query('COMMIT');
    const { code, stdout } = await running;
    expect(code).toBe(0);
    expect(stdout).toMatch(/Dropped 6 in one transaction \((?:[2-9]|\d\d) attempts/);
  });
});

describe('reapplying', () => {
  it('brings every key back, validated and enforced', async () => {
    await rollback([]);
    const { code, stdout } = await rollback(['--reapply']);
    expect(code).toBe(0);
    expect(stdout).toContain('All 6 are valid.');
    expect(await keys()).toEqual(ALL_VALID);
    const { rows } = await db.query(
      `SELECT conname FROM pg_constraint WHERE conname = ANY($1) AND condeferrable AND condeferred ORDER BY conname`,
      [NAMES],
    );
    expect(rows.map(({ conname }) => conname)).toEqual([
      'fk_assets_raw_import_record',
      'fk_raw_import_records_asset',
    ]);
    await expect(insertAsset({ raw_import_records_id: randomUUID() })).rejects.toMatchObject({
      constraint: 'fk_assets_raw_import_record',
    });
  });

  it('counts the rows that violate each key, keeps it NOT VALID, and is done when they are mended', async () => {
    await rollback([]);
    const elsewhere = [TENANT[0]!, randomUUID()];
    const [flow, half, asset] = [randomUUID(), randomUUID(), randomUUID()];
    // A flow of another engagement; its master flow is nowhere, nor are those of three more.
    await insertFlow({ id: flow, master_flow_id: randomUUID() }, elsewhere);
    for (let i = 0; i < 3; i += 1) await insertFlow({ master_flow_id: randomUUID() });
    await insertAsset({ discovery_flow_id: flow });
    // Half a link from the asset's side; from the record's side one, and one to nowhere.
    await insertRaw({ id: half });
    await insertAsset({ raw_import_records_id: half });
    await insertAsset({ id: asset });
    await insertRaw({ asset_id: asset });
    await insertRaw({ asset_id: randomUUID() });
    for (let i = 0; i < 3; i += 1) await insertAsset({ master_flow_id: randomUUID() });
    for (let i = 0; i < 5; i += 1) await insertRaw({ data_import_id: randomUUID() });
    // And what violates nothing: whole, and without links at all.
    const sound = randomUUID();
    await insertFlow({ id: sound });
    await insertAsset({ discovery_flow_id: sound });
    const pair = { asset: randomUUID(), raw: randomUUID() };
    await insertAsset({ id: pair.asset, raw_import_records_id: pair.raw });
    await insertRaw({ id: pair.raw, asset_id: pair.asset });

    const { code, stdout } = await rollback(['--reapply']);
    expect(code).toBe(1);
    const counts = [...stdout.matchAll(/^(fk_\w+) +NOT VALID, rows that violate it: (\d+)/gm)];
    expect(Object.fromEntries(counts.map(([, name, count]) => [name, Number(count)]))).toEqual({
      fk_assets_discovery_flow: 1,
      fk_assets_raw_import_record: 1,
      fk_raw_import_records_asset: 2,
      fk_assets_master_flow: 3,
      fk_discovery_flows_master_flow: 4,
      fk_raw_import_records_data_import: 5,
    });
    expect(await keys()).toEqual(Object.fromEntries(NAMES.map((name) => [name, false])));

    await db.query(
      'TRUNCATE migration.assets, migration.raw_import_records, migration.discovery_flows CASCADE',
    );
    expect(await rollback(['--reapply'])).toMatchObject({ code: 0 });
    expect(await keys()).toEqual(ALL_VALID);
  });

  it('replaces a key whose triggers were disabled, which proves nothing', async () => {
    await db.query(`ALTER TABLE migration.assets DISABLE TRIGGER ALL`);
    const before = await rollback(['--status']);
    expect(before.stdout).toMatch(/^fk_assets_discovery_flow +triggers disabled +0 violations$/m);
    expect(before.stdout).toMatch(/^fk_discovery_flows_master_flow +valid +0 violations$/m);
    expect(await rollback(['--reapply'])).toMatchObject({ code: 0 });
    const after = await rollback(['--status']);
    expect(after.stdout.match(/^fk_\w+ +valid +0 violations$/gm)).toHaveLength(6);
  });

  it('goes in two steps: --add binds new rows and reads no old ones, --validate reads them', async () => {
    await rollback([]);
    await insertAsset({ master_flow_id: randomUUID() });
    const added = await rollback(['--add']);
    expect(added).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('All 6 are there and bind new rows'),
    });
    expect(await keys()).toEqual(Object.fromEntries(NAMES.map((name) => [name, false])));
    await expect(insertAsset({ master_flow_id: randomUUID() })).rejects.toMatchObject({ code: '23503' });

    const validated = await rollback(['--validate']);
    expect(validated.code).toBe(1);
    expect(validated.stdout).toMatch(
      /^fk_assets_master_flow +NOT VALID, rows that violate it: 1 \(was not valid/m,
    );
    expect(await keys()).toEqual({ ...ALL_VALID, fk_assets_master_flow: false });
  });

  it('validates nothing that is not there, and says how to put it there', async () => {
    await db.query(`ALTER TABLE migration.assets DROP CONSTRAINT fk_assets_master_flow`);
    const { code, stdout } = await rollback(['--validate']);
    expect(code).toBe(1);
    expect(stdout).toContain('1 of 6 bind no row: run it with --add.');
    expect(Object.keys(await keys())).toHaveLength(5);
  });

  it('prints what is left to do in a dry run, of the half that was asked for', async () => {
    await rollback(['--only', 'fk_assets_master_flow']);
    const sql = async (args: string[]) => (await rollback([...args, '--dry-run'])).stdout;
    expect((await sql(['--reapply'])).match(/NOT VALID;|VALIDATE/g)).toEqual(['NOT VALID;', 'VALIDATE']);
    expect((await sql(['--add'])).match(/NOT VALID;|VALIDATE/g)).toEqual(['NOT VALID;']);
    expect(await sql(['--validate'])).toContain('-- Nothing to do.');
  });
});

describe('the status', () => {
  it('names the state of each key and counts the rows that violate it, whether it is there or not', async () => {
    await db.query(`ALTER TABLE migration.assets DROP CONSTRAINT fk_assets_master_flow`);
    await db.query(`ALTER TABLE migration.assets DROP CONSTRAINT fk_assets_discovery_flow`);
    await insertAsset({ discovery_flow_id: randomUUID(), master_flow_id: randomUUID() });
    await insertAsset({ discovery_flow_id: randomUUID() });
    const { name, definition } = WIRING_KEYS[0]!;
    await db.query(`ALTER TABLE migration.assets ADD CONSTRAINT ${name} ${definition} NOT VALID`);
    // What a restore with triggers off leaves behind.
    await db.query('SET session_replication_role = replica');
    await insertFlow({ master_flow_id: randomUUID() });
    await db.query('RESET session_replication_role');
    const { code, stdout } = await rollback(['--status']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^fk_assets_discovery_flow +not valid +2 violations$/m);
    expect(stdout).toMatch(/^fk_assets_master_flow +missing +1 violation$/m);
    expect(stdout).toMatch(/^fk_discovery_flows_master_flow +valid +1 violation$/m);
    expect(stdout.match(/^fk_\w+ +valid +0 violations$/gm)).toHaveLength(3);
    expect(stdout).toContain('No session has locks on their tables.');
  });

  it('names who holds locks and who waits for them, and shows no value of theirs', async () => {
    const holder = await idleInTransaction(`SELECT 'secret' FROM migration.assets, migration.data_imports`);
    const waiter = await connect();
    const { rows } = await waiter.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const waiting = waiter.query(
      `BEGIN; LOCK TABLE migration.raw_import_records IN ROW SHARE MODE; LOCK TABLE migration.assets`,
    );
    await waitFor('the waiter', async () => {
      const { rowCount } = await db.query('SELECT FROM pg_locks WHERE NOT granted AND pid = $1', [
        rows[0]!.pid,
      ]);
      return rowCount === 1;
    });
    // The count of the keys on assets queues behind the waiter: it is given up, not waited for.
    const status = await rollback(['--status']);
    await holder.client.query('ROLLBACK');
    await waiting;
    expect(status.code).toBe(0);
    expect(status.stdout).toMatch(/^fk_assets_master_flow +valid +violations not counted within 10 s$/m);
    expect(status.stdout).toMatch(
      new RegExp(
        `^  pid ${holder.pid}, user \\w+, the neighbour: idle in transaction .*: holds assets, data_imports$`,
        'm',
      ),
    );
    expect(status.stdout).toMatch(
      new RegExp(`^  pid ${rows[0]!.pid}, .*: active .*: holds raw_import_records; waits for assets$`, 'm'),
    );
    expect(status.stdout).not.toContain('secret');
  });

  it('does not call zero what a role without BYPASSRLS cannot see', async () => {
    const role = `blind_${randomUUID().replaceAll('-', '')}`;
    await db.query(`CREATE ROLE ${role} LOGIN; GRANT USAGE ON SCHEMA migration TO ${role};
      GRANT SELECT ON ALL TABLES IN SCHEMA migration TO ${role}`);
    const url = new URL(database.url);
    url.username = role;
    const { code, stdout } = await rollback(['--status'], { DATABASE_URL: url.href });
    await db.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    expect(code).toBe(0);
    expect(stdout.match(/^fk_\w+ +valid +not counted$/gm)).toHaveLength(6);
    expect(stdout).toContain(`Not counted. The role ${role} would see no row of any tenant`);
  });
});

describe('the command line', () => {
  it.each([
    [['--frob'], /^Unknown option '--frob'\n$/],
    [['everything'], /^Unexpected argument 'everything'\n$/],
    [['--lock-timeout', '0'], /^--lock-timeout: .*'0'\n$/],
    [['--lock-timeout', '1e3'], /^--lock-timeout: .*'1e3'\n$/],
    [
      ['--lock-timeout', '1000'],
      /^--lock-timeout: must be below the server's deadlock_timeout of 1000 ms\n$/,
    ],
    [['--deadline', 'soon'], /^--deadline: .*'soon'\n$/],
    [['--only', 'fk_x'], /^--only: no wiring key is named 'fk_x'; there are fk_assets_discovery_flow, .*\n$/],
    [['--status', '--reapply'], /^--status: .*\n$/],
    [['--add', '--validate'], /^--add: .*\n$/],
    [['--status', '--dry-run'], /^--status: .*\n$/],
  ])('refuses %j in one line', async (args, message) => {
    expect(await rollback(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
    expect(await keys()).toEqual(ALL_VALID);
  });

  it('explains itself, within the time that it may take to start', async () => {
    const started = performance.now();
    expect(await rollback(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--terminate-blockers'),
    });
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('says in one line that a database is unknown or has no such tables', async () => {
    await db.query('DROP SCHEMA migration CASCADE');
    expect(await rollback([])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^This database has no migration\..*run `npm run migration:run` first.*\n$/,
      ),
    });
    const url = new URL(database.url);
    url.pathname = '/no_such_database';
    expect(await rollback([], { DATABASE_URL: url.href })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The database no_such_database at .* does not exist \(3D000\): .*\n$/),
    });
  });

  it('starts the embedded database for its duration', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'rollback '));
    // PostgreSQL runs as another account when the tests run as root.
    await chmod(dataDir, 0o755);
    const { code, stdout, stderr } = await rollback(['--status'], { DATA_DIR: join(dataDir, 'data') });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^Database discovery_wiring at 127/),
    });
    expect(stderr).toContain('This database has no migration.');
    expect(await findServer(join(dataDir, 'data'))).toBeNull();
    await rm(dataDir, { recursive: true });
  });
});
