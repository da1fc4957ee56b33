import { Client } from 'pg';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

/** As many as the service's pool has connections. */
const POOL_SIZE = 10;

describe('6: every connection of the pool is taken', () => {
  let service: TestService;
  let holder: Client;
  beforeAll(async () => {
    service = await startTestService();
    holder = new Client({ connectionString: service.databaseUrl });
    await holder.connect();
  });
  afterAll(async () => {
    await holder.end();
    await service.stop();
  });

  it('is a quick 503 with Retry-After to others, and health has a connection of its own', async () => {
    const [client, other] = [service.newClient(), service.newClient()];
    const { flowId } = await importAndFlow(client, serversCsv(30));
    await holder.query('BEGIN');
    await holder.query('SELECT FROM migration.discovery_flows WHERE flow_id = $1 FOR UPDATE', [flowId]);
    const starts = Array.from({ length: POOL_SIZE }, () => client.post(`/discovery-flows/${flowId}/runs`));
    await waitFor('the pool to be used up', async () => {
      const { rowCount } = await service.sql.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            AND application_name = 'discovery-wiring'`,
      );
      return rowCount === POOL_SIZE;
    });

    const asked = performance.now();
    const refused = await Promise.all([
      other.get('/data-imports'),
      other.post('/discovery-flows', { flow_name: 'x' }),
      other.upload('x.csv', serversCsv(1)),
    ]);
    for (const answer of refused) {
      expectProblem(answer, 503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const health = await other.get('/health/wiring?refresh=true');
    expect([health.status, health.body.health_status]).toEqual([200, 'healthy']);
    expect((await other.get('/health/ready')).status).toBe(200);
    expect((await other.get('/health/live')).status).toBe(200);
    expect(performance.now() - asked).toBeLessThan(8_000);

    // 10: and of all that were sent at the same moment, one is taken; its run must not end before the last of them is answered.
    await service.sql.query('BEGIN; LOCK TABLE migration.assets IN SHARE MODE');
    await holder.query('COMMIT');
    const answers = await Promise.all(starts);
    await service.sql.query('COMMIT');
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(9).fill(409)]);
    const runId = answers.find(({ status }) => status === 202)?.body.id as string;
    expect((await runEnd(client, flowId, runId)).body).toMatchObject({ status: 'completed', created: 30 });
    expect((await other.get('/data-imports')).body.pagination.total).toBe(0);
  });
});
