import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedServer } from '../../src/database/embedded-server';
import { Client } from 'pg';
import { ApiClient, newTenant } from '../support/api-client';
import { expectUndisturbed } from '../support/end-state';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { ServiceProcess } from '../support/service-process';
import { waitFor } from '../support/wait-for';

const ROWS = 4_000;
const OPTIONS = { chunk_size: 100 };

describe('4: the database stops in the middle of a run and comes back', () => {
  let dataDir: string;
  let service: ServiceProcess | undefined;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-restart-'));
    await chmod(dataDir, 0o755);
  });

  afterAll(async () => {
    await service?.kill();
    await stopDatabase();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('the service stays alive, says so, and ends the run by itself as if nothing had been', async () => {
    const { url, port } = await startEmbeddedServer({ dataDir });
    service = await ServiceProcess.start({ DATABASE_URL: url, DATA_DIR: dataDir, MIGRATE_ON_START: 'true' });
    const client = new ApiClient(service.origin, newTenant());
    const { flowId } = await importAndFlow(client, serversCsv(ROWS));
    const run = (await client.post(`/discovery-flows/${flowId}/runs`, OPTIONS)).body;
    await waitFor('some chunks', async () => {
      const { body } = await client.get(`/discovery-flows/${flowId}/runs/${run.id}`);
      return body.chunks_done >= 5;
    });

    await stopDatabase();
    expect((await client.get('/health/live')).status).toBe(200);
    expect((await client.get('/health/ready')).status).toBe(503);
    expect((await client.get('/health/wiring')).body).toMatchObject({ health_status: 'unknown' });
    const refused = await client.get('/discovery-flows');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);

    await startEmbeddedServer({ dataDir, settings: { port: String(port) } });
    await waitFor('readiness', async () => (await client.get('/health/ready')).status === 200);
    const ended = await runEnd(client, flowId, run.id, 90_000);
    expect(ended.body).toMatchObject({ status: 'completed', created: ROWS, linked: ROWS, pending: 0 });
    const sql = new Client({ connectionString: url });
    await sql.connect();
    const other = new ApiClient(service.origin, newTenant());
    await expectUndisturbed(sql, client, other, { csv: serversCsv(ROWS), options: OPTIONS }).finally(() =>
      sql.end(),
    );
    expect(await service.terminate()).toBe(0);
  }, 180_000);

  /** What an operator's fast shutdown does; the launcher's own stop() would spare a server in use. */
  async function stopDatabase(): Promise<void> {
    const pid = Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGINT');
    await waitFor('the server to be gone', () => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    });
  }
});
