import { Client } from 'pg';
import { WIRING_KEYS } from '../../src/database/wiring-keys';
import { WRITERS_GATE } from '../../src/database/writers-gate';
import { type LinkWriters, writeInMixedOrder, writeThroughService } from '../support/link-writers';
import { runRollback } from '../support/run-rollback';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

jest.setTimeout(120_000);

let service: TestService;
let writers: LinkWriters;

const rollback = (...args: string[]) => runRollback(args, { DATABASE_URL: service.databaseUrl });

async function keysLeft(): Promise<number> {
  const { rowCount } = await service.sql.query('SELECT FROM pg_constraint WHERE conname = ANY($1)', [
    WIRING_KEYS.map(({ name }) => name),
  ]);
  return rowCount ?? 0;
}

/** They go on. */
async function writeMore(): Promise<void> {
  const before = writers.linked();
  await waitFor('the writers', () => writers.linked() > before);
}

/** A session that sits in a transaction and holds whatever the statement locked. */
async function idleInTransaction(sql: string): Promise<{ client: Client; pid: number }> {
  const client = new Client({ connectionString: service.databaseUrl, application_name: 'the sleeper' });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await client.query('BEGIN');
  await client.query(sql);
  return { client, pid: rows[0]!.pid };
}

beforeEach(async () => {
  service = await startTestService();
});

afterEach(async () => {
  await writers.stop();
  await service.stop();
});

describe.each([
  ['the service', () => Promise.resolve(writeThroughService(service.origin))],
  ['SQL in mixed lock order', () => writeInMixedOrder(service.databaseUrl)],
])('under six writers that insert and link without pause, through %s', (_, start) => {
  beforeEach(async () => {
    writers = await start();
    await writeMore();
  });

  it('drops all keys and brings them back, three times, and no writer meets an error', async () => {
    for (let time = 0; time < 3; time++) {
      expect(await rollback()).toMatchObject({ code: 0, stderr: '' });
      expect(await keysLeft()).toBe(0);
      await writeMore();
      expect(await rollback('--reapply')).toMatchObject({ code: 0, stderr: '' });
      expect(await keysLeft()).toBe(6);
      await writeMore();
    }
    expect(writers.errors).toEqual([]);
  });

  // A writer of the service that has fallen asleep, and somebody who looks at the tables with psql.
  it.each([
    ['the gate', `SELECT pg_advisory_xact_lock_shared(${WRITERS_GATE})`],
    ['a table', 'SELECT count(*) FROM migration.assets'],
  ])('gives up on a session that sits on %s, or ends it and it alone', async (_target, sql) => {
    const sleeper = await idleInTransaction(sql);
    const before = writers.linked();
    const refused = await rollback('--deadline', '8');
    expect(refused.code).toBe(1);
    const named = refused.stderr.split('\n').filter((line) => line.startsWith('  pid'));
    expect(named).toEqual([
      expect.stringContaining(`pid ${sleeper.pid}, user postgres, the sleeper: idle in transaction`),
    ]);
    expect(await keysLeft()).toBe(6);
    expect(writers.linked()).toBeGreaterThan(before);

    const done = await rollback('--terminate-blockers');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout.match(/^terminated {2}pid \d+/gm)).toEqual([`terminated  pid ${sleeper.pid}`]);
    expect(await keysLeft()).toBe(0);
    await writeMore();
    expect(writers.errors).toEqual([]);
    await sleeper.client.end();
  });
});
