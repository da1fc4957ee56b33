import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { ApiClient, newTenant } from '../support/api-client';
import { type CommitCuttingProxy, startCommitCuttingProxy } from '../support/commit-cutting-proxy';
import { expectAudited } from '../support/end-state';
import { countLinks } from '../support/fault';
import { importAndFlow, recordsOf, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { ServiceProcess } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startTestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';
import { expectReplay, postWithKey, uploadWithKey } from '../support/with-key';

const KEY = 'once';
const ROWS = 50;

describe('kill -9 in the middle of a request with an Idempotency-Key', () => {
  let database: TestDatabase;
  let dataDir: string;
  let sql: Client;
  let client: ApiClient;
  let running: ServiceProcess;

  /** The same tenant's client of a process that has just started. */
  const start = async ({ tenant } = { tenant: newTenant() }) => {
    running = await ServiceProcess.start({
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      ASSET_BATCH_CHUNK_SIZE: '10',
    });
    client = new ApiClient(running.origin, tenant);
  };
  /** Sends a request that comes to a lock, and kills the service there. */
  const killAt = async (lock: string, values: unknown[], send: () => Promise<unknown>) => {
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query(lock, values);
    const lost = expect(send()).rejects.toThrow();
    await waitFor('the service at the lock', async () => {
      const { rowCount } = await sql.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rowCount === 1;
    });
    await running.kill();
    await lost;
    await holder.end();
    // The backends of a killed process end on their own, and with them the locks.
    await waitFor('the backends to end', async () => {
      const { rowCount } = await sql.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'discovery-wiring'`,
      );
      return rowCount === 0;
    });
  };
  const total = async (path: string) => (await client.get(path)).body.pagination.total as number;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-data-'));
    sql = new Client({ connectionString: database.url });
    await sql.connect();
  });
  beforeEach(() => start());
  afterEach(() => running.kill());
  afterAll(async () => {
    await sql.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('a given list is gone on with where it stopped, each item once', async () => {
    const { flowId, importId } = await importAndFlow(client, serversCsv(ROWS));
    const records = await recordsOf(client, importId);
    const discovered_assets = records.map(({ id }, i) => ({
      name: `srv-${i}`,
      asset_type: 'server',
      // The third item names the record of the second, and is skipped.
      raw_import_record_id: i === 2 ? records[1]!.id : id,
    }));
    const send = () => postWithKey(client, KEY, `/discovery-flows/${flowId}/assets`, { discovered_assets });
    const ofThirdChunk = records[25]!.id;
    await killAt('SELECT FROM migration.raw_import_records WHERE id = $1 FOR UPDATE', [ofThirdChunk], send);
    expect((await countLinks(sql, client.tenant.client_account_id)).pairs).toBe(19);
    await expectAudited(sql, client.tenant);

    await start(client);
    expectProblem(await send(), 409);
    const { rows: leases } = await sql.query<{ seconds: number }>(
      `UPDATE migration.idempotency_keys k SET lease_expires_at = now() FROM migration.idempotency_keys o
        WHERE o.client_account_id = k.client_account_id AND o.engagement_id = k.engagement_id AND o.key = k.key
        RETURNING extract(epoch FROM o.lease_expires_at - now())::float8 AS seconds`,
    );
    expect(leases).toHaveLength(1);
    expect(leases[0]!.seconds).toBeGreaterThan(0);
    expect(leases[0]!.seconds).toBeLessThanOrEqual(20);

    const answer = await send();
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      total_created: ROWS - 1,
      total_linked: ROWS - 1,
      total_skipped: 1,
      chunks: [9, 10, 10, 10, 10].map((created, i) => ({
        chunk: i + 1,
        created,
        linked: created,
        skipped: 10 - created,
        status: 'committed',
      })),
      items: [{ index: 2, code: 'raw_record_named_twice', message: expect.any(String) }],
    });
    expect(await countLinks(sql, client.tenant.client_account_id)).toEqual({
      assets: ROWS - 1,
      pairs: ROWS - 1,
      pointing_assets: ROWS - 1,
      pointing_records: ROWS - 1,
    });
    expectReplay(await send(), answer);
    await expectAudited(sql, client.tenant);
  });

  it('a flow is there once', async () => {
    const { importId } = await importAndFlow(client, serversCsv(1));
    const before = await total('/discovery-flows');
    const send = () =>
      postWithKey(client, KEY, '/discovery-flows', { flow_name: 'f', data_import_id: importId });
    await killAt('SELECT FROM migration.data_imports WHERE id = $1 FOR UPDATE', [importId], send);
    await start(client);
    expect(await total('/discovery-flows')).toBe(before);
    const answer = await send();
    expect(answer.status).toBe(201);
    expectReplay(await send(), answer);
    expect(await total('/discovery-flows')).toBe(before + 1);
    expect(await total('/audit-events?action=flow.created')).toBe(before + 1);
  });

  it('an import is there once', async () => {
    const send = () => uploadWithKey(client, KEY, 'a.csv', serversCsv(ROWS));
    await killAt('LOCK TABLE migration.import_field_mappings IN SHARE MODE', [], send);
    await start(client);
    expect(await total('/data-imports')).toBe(0);
    const answer = await send();
    expect([answer.status, answer.body.total_records]).toEqual([201, ROWS]);
    expectReplay(await send(), answer);
    expect(await total('/data-imports')).toBe(1);
    expect(await total('/audit-events')).toBe(1);
  });
});

describe('a request with an Idempotency-Key whose COMMIT is lost', () => {
  it.each([
    ['answer', true],
    ['request', false],
  ] as const)('is done once, when the %s is lost', async (lost, isDone) => {
    let proxy!: CommitCuttingProxy;
    const service = await startTestService({}, async (url) => {
      proxy = await startCommitCuttingProxy(url);
      return proxy.url;
    });
    try {
      const client = service.newClient();
      const posts = [
        () => postWithKey(client, 'flow', '/discovery-flows', { flow_name: 'unheard of' }),
        () => uploadWithKey(client, 'import', 'unheard of.csv', serversCsv(3)),
      ];
      for (const send of posts) {
        proxy.loseCommitAfter('unheard of', lost);
        expectProblem(await send(), 503);
        const again = await waitFor('the key', async () => {
          const answer = await send();
          return answer.status === 409 ? null : answer;
        });
        expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([
          201,
          isDone ? 'true' : null,
        ]);
      }
      const flows = '/audit-events?action=flow.created';
      const imports = '/audit-events?action=import.created';
      for (const path of ['/discovery-flows', '/data-imports', flows, imports]) {
        expect((await client.get(path)).body.pagination.total).toBe(1);
      }
    } finally {
      await service.stop();
      await proxy.close();
    }
  });
});
