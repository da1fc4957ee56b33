import { ApiClient, newTenant } from '../support/api-client';
import { GeneratedWorkbook } from '../support/generated-workbook';
import { expectFlatMemory, importLargeFile, importLargeWorkbook } from '../support/large-file';
import { openProcessBench, type ProcessBench } from '../support/process-bench';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

const MB = 2 ** 20;

describe('16: very large uploads', () => {
  let bench: ProcessBench;
  let proxy: TcpProxy;
  beforeAll(async () => {
    bench = await openProcessBench();
    proxy = await startTcpProxy(bench.databaseUrl);
  });
  afterAll(async () => {
    await bench.close();
    await proxy.close();
  });

  it('200 MB come in row by row, in flat memory', async () => {
    const service = await bench.start();
    await importLargeFile(bench, new ApiClient(service.origin, newTenant()), 200 * MB);
    expectFlatMemory(service);
  }, 600_000);

  it.each([true, false])(
    'a workbook of 100 MB comes in row by row, in flat memory (shared texts: %s)',
    async (shared) => {
      const service = await bench.start();
      const client = new ApiClient(service.origin, newTenant());
      await importLargeWorkbook(bench, client, new GeneratedWorkbook(100 * MB, shared));
      expectFlatMemory(service);
    },
    600_000,
  );

  it('100 MB into a database that is slower than the client: back-pressure, no pile of rows in memory', async () => {
    const service = await bench.start({ DATABASE_URL: proxy.url });
    proxy.delay(2);
    await importLargeFile(bench, new ApiClient(service.origin, newTenant()), 100 * MB);
    expectFlatMemory(service);
  }, 600_000);
});
