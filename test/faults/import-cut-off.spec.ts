import { ApiClient, newTenant } from '../support/api-client';
import { expectSameEnd, readEndState } from '../support/end-state';
import { serversCsv } from '../support/inventory';
import { openProcessBench, type ProcessBench } from '../support/process-bench';
import { expectProblem } from '../support/problem';
import { stopAt } from '../support/stop-point';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { startTestService, type TestService } from '../support/test-service';
import { openUpload } from '../support/upload-request';
import { waitFor } from '../support/wait-for';

const ROWS = 6_000;
const CSV = serversCsv(ROWS);
/** In the middle of the COPY. */
const IN_COPY = { event: 'BEFORE INSERT ON migration.raw_import_records', when: 'NEW.row_number = 3000' };

describe('16: kill -9 in an import', () => {
  let bench: ProcessBench;
  beforeAll(async () => {
    bench = await openProcessBench();
  });
  afterAll(() => bench.close());

  it('while its rows are copied: nothing of it is left, and the next try brings all', async () => {
    const first = await bench.start();
    const client = new ApiClient(first.origin, newTenant());
    const stop = await stopAt(bench.databaseUrl, IN_COPY);
    const cutOff = client.upload('a.csv', CSV).catch(() => 'cut off');
    await stop.reached();
    await first.kill();
    expect(await cutOff).toBe('cut off');
    await stop.release();
    await bench.allGone();
    await expectNothing(bench, client);

    const second = await bench.start();
    await expectNextTryBringsAll(bench, new ApiClient(second.origin, client.tenant));
  });

  it('while it is being sent: nothing lies in the spool directory', async () => {
    const service = await bench.start();
    const client = new ApiClient(service.origin, newTenant());
    const upload = openUpload(client, 'a.csv', CSV.length);
    upload.write(CSV.slice(0, CSV.length / 2));
    await waitFor('the service to take it', () => upload.socket?.writableLength === 0);
    await service.kill();
    await expectNothing(bench, client);
    expect(await bench.spooled()).toEqual([]);
  });
});

describe('16: the database fails in an import', () => {
  let service: TestService;
  let proxy: TcpProxy;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService({}, async (url) => {
      proxy = await startTcpProxy(url);
      return proxy.url;
    });
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(async () => {
    await service.stop();
    await proxy.close();
  });

  it.each([
    [
      'its backend is terminated',
      (pid: number) => service.sql.query('SELECT pg_terminate_backend($1, 10000)', [pid]),
    ],
    [
      'the network is cut',
      () => {
        proxy.cut();
      },
    ],
  ])('%s: 503, nothing is left, and the next try brings all', async (_, fault) => {
    const stop = await stopAt(service.databaseUrl, IN_COPY);
    const upload = client.upload('a.csv', CSV);
    const pid = await stop.reached();
    await fault(pid);
    await stop.release();
    expectProblem(await upload, 503);
    await waitFor('the database to end it', async () => {
      const { rowCount } = await service.sql.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid]);
      return rowCount === 0;
    });
    proxy.mend();
    await expectNothing(service, client);
    await expectNextTryBringsAll(service, client);
  });

  it('the network swallows everything for a while: the import waits, and is whole', async () => {
    const stop = await stopAt(service.databaseUrl, IN_COPY);
    const upload = client.upload('a.csv', CSV);
    await stop.reached();
    proxy.blackHole();
    await stop.release();
    // Past the proxy, the database has gone on and waits for rows that do not come.
    await waitFor('the database to wait', async () => {
      const { rowCount } = await service.sql.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%' AND wait_event = 'ClientRead'`,
      );
      return rowCount === 1;
    });
    proxy.mend();
    expect((await upload).body).toMatchObject({ status: 'processed', valid_records: ROWS });
    await expectAll(service, client);
  });

  it('2: the answer to its COMMIT is lost: the next try finds it whole, and makes no second one', async () => {
    const lost = proxy.dropCommitAnswer(/COPY migration\.raw_import_records/);
    expectProblem(await client.upload('a.csv', CSV), 503);
    await lost;
    const again = await client.upload('a.csv', CSV);
    expect([again.status, again.body.duplicate]).toEqual([200, true]);
    await expectAll(service, client);
  });
});

interface Bench {
  sql: ProcessBench['sql'];
}

async function expectNothing({ sql }: Bench, { tenant }: ApiClient): Promise<void> {
  expect(await readEndState(sql, tenant)).toMatchObject({ imports: [], records: [] });
}

async function expectNextTryBringsAll(bench: Bench, client: ApiClient): Promise<void> {
  const next = await client.upload('a.csv', CSV);
  expect([next.status, next.body.duplicate]).toEqual([201, false]);
  await expectAll(bench, client);
}

/** As an import that nothing disturbed, row by row. */
async function expectAll({ sql }: Bench, client: ApiClient): Promise<void> {
  const undisturbed = new ApiClient(client.origin, newTenant());
  expect((await undisturbed.upload('a.csv', CSV)).status).toBe(201);
  const end = await readEndState(sql, client.tenant);
  expect(end.records.map(({ row_number }) => row_number)).toEqual(
    Array.from({ length: ROWS }, (_, i) => i + 1),
  );
  expectSameEnd(end, await readEndState(sql, undisturbed.tenant));
}
