import { importAndFlow, serversCsv } from '../../test/support/inventory';
import { startTestService, type TestService } from '../../test/support/test-service';
import { RunExecutor } from './run-executor.service';
import { BackgroundWorker } from '../background/background-worker.service';

describe('RunExecutor', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
    // Nobody but the test asks for slices.
    await service.app.get(BackgroundWorker).beforeApplicationShutdown();
  });
  afterAll(() => service.stop());

  it('advances a run by each slice that it is asked for, also while the last one is under way', async () => {
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, serversCsv(40));
    const runs = `/discovery-flows/${flowId}/runs`;
    const { body: run } = await client.post(runs, { chunk_size: 10 });
    const executor = service.app.get(RunExecutor);
    const oneChunk = () => executor.advance(client.tenant, run.id, () => true);
    await Promise.all([oneChunk(), oneChunk(), oneChunk()]);
    expect((await client.get(`${runs}/${run.id}`)).body).toMatchObject({
      chunks_done: 3,
      chunks_failed: 0,
    });
  });
});
