import { importAndFlow, runToEnd, serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';

describe('from a CSV to linked assets and a healthy wiring', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.stop());

  it('links every row with the asset made from it, each pair in one transaction, each chunk in one of its own', async () => {
    const client = service.newClient();
    const { importId, flowId, flowKey } = await importAndFlow(client, serversCsv(1200));
    expect((await client.get('/health/wiring')).body.health_status).toBe('degraded');

    const run = await runToEnd(client, flowId, { chunk_size: 500 });

    expect(run.body).toMatchObject({
      status: 'completed',
      total_records: 1200,
      created: 1200,
      linked: 1200,
      rejected: 0,
      pending: 0,
      chunks_done: 3,
      chunks_total: 3,
    });
    const { rows } = await service.sql.query(
      `SELECT count(*)::int AS pairs, count(DISTINCT a.xmin::text)::int AS transactions,
              bool_and(a.xmin::text = r.xmin::text) AS together,
              bool_and(r.raw_data ->> 'Hostname' = a.hostname AND a.name = a.hostname) AS own_row,
              bool_and(r.processing_notes = 'Linked to: ' || a.name) AS noted,
              bool_and(a.discovery_flow_id = $3 AND a.master_flow_id = $4 AND a.flow_id = $4) AS wired
         FROM migration.assets a
         JOIN migration.raw_import_records r ON r.asset_id = a.id AND a.raw_import_records_id = r.id
        WHERE a.client_account_id = $1 AND r.data_import_id = $2`,
      [client.tenant.client_account_id, importId, flowKey, flowId],
    );
    expect(rows[0]).toEqual({
      pairs: 1200,
      transactions: 3,
      together: true,
      own_row: true,
      noted: true,
      wired: true,
    });
    const health = await client.get('/health/wiring?refresh=true');
    expect(health.body.health_status).toBe('healthy');
    expect((await client.get(`/data-imports/${importId}`)).body).toMatchObject({
      processed_records: 1200,
      progress_percentage: 100,
    });
    expect((await client.get(`/discovery-flows/${flowId}`)).body).toMatchObject({
      status: 'completed',
      progress_percentage: 100,
    });
  });

  it('makes nothing when a finished flow runs again', async () => {
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, serversCsv(20));
    await runToEnd(client, flowId);
    expect((await runToEnd(client, flowId)).body).toMatchObject({
      status: 'completed',
      total_records: 0,
      created: 0,
    });
    expect((await client.get('/unified-discovery/assets')).body.pagination.total).toBe(20);
  });
});
