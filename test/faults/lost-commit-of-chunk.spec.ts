import { expectUndisturbed } from '../support/end-state';
import { countInserts } from '../support/fault';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { startTestService, type TestService } from '../support/test-service';

const RUN = { csv: serversCsv(50), options: { chunk_size: 10 } };

describe('2: the connection is lost at the COMMIT of a chunk', () => {
  let service: TestService;
  let proxy: TcpProxy;
  beforeAll(async () => {
    service = await startTestService({}, async (url) => (proxy = await startTcpProxy(url)).url);
  });
  afterAll(async () => {
    await service.stop();
    await proxy.close();
  });

  it.each(['stop', 'skip', 'retry'])(
    '%s: the ledger is read before another try, so the chunk that was committed is not done again',
    async (failure_policy) => {
      const client = service.newClient();
      const { flowId } = await importAndFlow(client, RUN.csv);
      const inserts = await countInserts(service.sql, 'web-1');
      const lost = proxy.dropCommitAnswer(/discovery_run_chunks[^]*chunks_done/);
      const options = { ...RUN.options, failure_policy };
      const { body } = await client.post(`/discovery-flows/${flowId}/runs`, options);
      await lost;
      // Sooner than the lease runs out: the holder finds out by itself.
      const ended = await runEnd(client, flowId, body.id, 15_000);
      expect(ended.body).toMatchObject({
        status: 'completed',
        created: 50,
        chunks_done: 5,
        chunks_failed: 0,
      });
      expect(await inserts()).toBe(1);
      await expectUndisturbed(service.sql, client, service.newClient(), { ...RUN, options });
    },
  );
});
