import { Client } from 'pg';
import { ApiClient } from '../support/api-client';
import { importAndFlow, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

describe('while the database is away', () => {
  let service: TestService;
  let proxy: TcpProxy;
  let client: ApiClient;
  let flowId: string;

  beforeAll(async () => {
    service = await startTestService({}, async (url) => {
      proxy = await startTcpProxy(url);
      return proxy.url;
    });
    client = service.newClient();
    ({ flowId } = await importAndFlow(client, serversCsv(3)));
    await client.get('/health/wiring');
    proxy.cut();
  });
  afterAll(async () => {
    proxy.mend();
    await service.stop();
    await proxy.close();
  });

  it('is live and not ready, each with its own document', async () => {
    const live = await client.get('/health/live');
    expect([live.status, live.body]).toEqual([200, { status: 'live' }]);
    const ready = await client.get('/health/ready');
    expect([ready.status, ready.body]).toMatchObject([503, { status: 'not_ready', database: 'down' }]);
    expect(ready.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('answers 503 with Retry-After to everything else', async () => {
    const requests = [
      () => client.get('/data-imports'),
      () => client.get('/unified-discovery/assets'),
      () => client.get(`/discovery-flows/${flowId}`),
      () => client.post('/discovery-flows', { flow_name: 'x' }),
      () => client.post(`/discovery-flows/${flowId}/runs`, {}),
      () => client.upload('x.csv', serversCsv(1)),
      () =>
        client.post(`/discovery-flows/${flowId}/assets`, {
          discovered_assets: [{ name: 'a', asset_type: 'server' }],
        }),
    ];
    for (const request of requests) {
      const answer = await request();
      expectProblem(answer, 503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });

  it('does not know the health, and never says healthy', async () => {
    const other = service.newClient();
    for (const query of ['', '?detail=true', '?strict=true']) {
      const { status, body } = await other.get(`/health/wiring${query}`);
      expect([status, body]).toMatchObject([
        503,
        { health_status: 'unknown', tenant: other.tenant, cached: false },
      ]);
      expect(JSON.stringify(body)).not.toMatch(/ECONN|terminated|select/i);
    }
    const refreshed = await client.get('/health/wiring?refresh=true');
    expect([refreshed.status, refreshed.body.health_status]).toEqual([503, 'unknown']);
  });

  it('recovers by itself, and has kept no unknown answer', async () => {
    proxy.mend();
    await waitFor('readiness', async () => (await client.get('/health/ready')).status === 200);
    expect((await client.get('/health/wiring?refresh=true')).body.health_status).toBe('degraded');
    expect((await client.get('/data-imports')).status).toBe(200);
  });
});

describe('while the tables are locked', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  it('does not know the health, within the time of its probe', async () => {
    const client = service.newClient();
    const blocker = new Client({ connectionString: service.databaseUrl });
    await blocker.connect();
    try {
      await blocker.query('BEGIN; LOCK TABLE migration.assets IN ACCESS EXCLUSIVE MODE');
      const { status, body } = await client.get('/health/wiring');
      expect([status, body.health_status, body.metrics]).toEqual([503, 'unknown', null]);
      await blocker.query('COMMIT');
      expect((await client.get('/health/wiring')).body).toMatchObject({
        health_status: 'healthy',
        cached: false,
      });
    } finally {
      await blocker.end();
    }
  });
});

describe('when a look-up is cut off in the database', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  it.each(['pg_cancel_backend', 'pg_terminate_backend'])('%s makes it a 503 and no 500', async (end) => {
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, serversCsv(1));
    const holder = new Client({ connectionString: service.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE migration.discovery_flows IN ACCESS EXCLUSIVE MODE');
    const answer = client.get(`/discovery-flows/${flowId}`);
    await waitFor('the look-up to wait and be ended', async () => {
      const { rowCount } = await service.sql.query(
        `SELECT ${end}(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'
            AND application_name = 'discovery-wiring'`,
      );
      return rowCount !== null && rowCount > 0;
    });
    expectProblem(await answer, 503);
    await holder.query('ROLLBACK');
    await holder.end();
  });
});
