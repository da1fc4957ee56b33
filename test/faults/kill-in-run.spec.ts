import { Client } from 'pg';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, newTenant } from '../support/api-client';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { ServiceProcess } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

const ROWS = 50_000;

describe('kill -9 in the middle of a run', () => {
  let database: TestDatabase;
  let dataDir: string;
  let sql: Client;
  const processes: ServiceProcess[] = [];

  const start = async () => {
    const service = await ServiceProcess.start({ DATABASE_URL: database.url, DATA_DIR: dataDir });
    processes.push(service);
    return service;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-data-'));
    sql = new Client({ connectionString: database.url });
    await sql.connect();
  });

  afterAll(async () => {
    await Promise.all(processes.map((service) => service.kill()));
    await sql.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('the run ends by itself in the next process, with every row accounted for once', async () => {
    const tenant = newTenant();
    const first = await start();
    const client = new ApiClient(first.origin, tenant);
    const { importId, flowId } = await importAndFlow(client, serversCsv(ROWS));
    const run = (await client.post(`/discovery-flows/${flowId}/runs`)).body;
    expect(run).toMatchObject({ status: 'queued', total_records: ROWS, pending: ROWS, chunks_total: 100 });
    await waitFor('some chunks', async () => {
      const { body } = await client.get(`/discovery-flows/${flowId}/runs/${run.id}`);
      return body.chunks_done >= 10;
    });
    await first.kill();

    const left = await ledger(run.id);
    expect(left.pending).toBeGreaterThan(0);
    expect(left.created).toBe(await linkedPairs(importId));

    const second = await start();
    const again = new ApiClient(second.origin, tenant);
    const ended = (await runEnd(again, flowId, run.id, 90_000)).body;
    expect(ended).toMatchObject({
      status: 'completed',
      created: ROWS,
      linked: ROWS,
      pending: 0,
      chunks_done: 100,
    });
    expect(await linkedPairs(importId)).toBe(ROWS);
    expect((await again.get('/unified-discovery/assets?page_size=1')).body.pagination.total).toBe(ROWS);
    expect((await again.get('/health/wiring?verify=scan')).body.health_status).toBe('healthy');
    expect(await second.terminate()).toBe(0);
  }, 180_000);

  async function ledger(runId: string): Promise<{ created: number; pending: number }> {
    const { rows } = await sql.query('SELECT created, pending FROM migration.discovery_runs WHERE id = $1', [
      runId,
    ]);
    return rows[0];
  }

  /** Pairs that point at each other and were written by one transaction. */
  async function linkedPairs(importId: string): Promise<number> {
    const { rows } = await sql.query(
      `SELECT count(*)::int AS pairs
         FROM migration.raw_import_records r
         JOIN migration.assets a ON a.id = r.asset_id AND a.raw_import_records_id = r.id
        WHERE r.data_import_id = $1 AND a.xmin::text = r.xmin::text`,
      [importId],
    );
    return rows[0].pairs;
  }
});
