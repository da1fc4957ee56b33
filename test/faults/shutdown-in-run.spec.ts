import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, newTenant } from '../support/api-client';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { ServiceProcess } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

const ROWS = 20_000;

describe('SIGTERM in the middle of a run', () => {
  let database: TestDatabase;
  let dataDir: string;
  const processes: ServiceProcess[] = [];

  const start = async () => {
    const service = await ServiceProcess.start({ DATABASE_URL: database.url, DATA_DIR: dataDir });
    processes.push(service);
    return service;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-data-'));
  });

  afterAll(async () => {
    await Promise.all(processes.map((service) => service.kill()));
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('ends the chunk under way, exits 0, and gives the run to the next process at once', async () => {
    const tenant = newTenant();
    const first = await start();
    const client = new ApiClient(first.origin, tenant);
    const { flowId } = await importAndFlow(client, serversCsv(ROWS));
    const run = (await client.post(`/discovery-flows/${flowId}/runs`)).body;
    await waitFor('some chunks', async () => {
      const { body } = await client.get(`/discovery-flows/${flowId}/runs/${run.id}`);
      return body.chunks_done >= 5;
    });

    const asked = performance.now();
    expect(await first.terminate()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(15_000);

    const again = new ApiClient((await start()).origin, tenant);
    const left = (await again.get(`/discovery-flows/${flowId}/runs/${run.id}`)).body;
    expect(left.created).toBeLessThan(ROWS);
    // Less than a lease: the first process gave the run back instead of letting its lease run out.
    const ended = (await runEnd(again, flowId, run.id, 15_000)).body;
    expect(ended).toMatchObject({ status: 'completed', created: ROWS, pending: 0, chunks_failed: 0 });
    expect((await again.get('/health/wiring?verify=scan')).body.health_status).toBe('healthy');
  }, 120_000);
});
