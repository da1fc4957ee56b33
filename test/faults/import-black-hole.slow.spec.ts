import { serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { stopAt } from '../support/stop-point';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { startTestService, type TestService } from '../support/test-service';

const ROWS = 60_000;

describe('5: the network swallows an import for good', () => {
  let service: TestService;
  let proxy: TcpProxy;
  beforeAll(async () => {
    service = await startTestService({}, async (url) => (proxy = await startTcpProxy(url)).url);
  });
  afterAll(async () => {
    await service.stop();
    await proxy.close();
  });

  it('the wait ends with a 503, nothing of it is left, and there is room for the next try', async () => {
    const client = service.newClient();
    const csv = serversCsv(ROWS);
    const stop = await stopAt(service.databaseUrl, {
      event: 'BEFORE INSERT ON migration.raw_import_records',
      when: 'NEW.row_number = 3000',
    });
    // As many as are let in at a time, so that a slot which is not given back shows.
    const uploads = Array.from({ length: 4 }, (_, i) => client.upload(`${i}.csv`, `${csv}last-${i},,,,,\n`));
    await stop.reached();
    proxy.blackHole();
    await stop.release();
    for (const upload of await Promise.all(uploads)) expectProblem(upload, 503);
    proxy.mend({ held: 'lost' });
    const next = await client.upload('next.csv', csv);
    expect([next.status, next.body.valid_records]).toEqual([201, ROWS]);
    expect((await client.get('/data-imports')).body.pagination.total).toBe(1);
  }, 240_000);
});
