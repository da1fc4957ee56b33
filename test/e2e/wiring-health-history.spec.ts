import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from 'pg';
import { loadSettings } from '../../src/config/settings';
import { createApp, listen } from '../../src/create-app';
import { createLogger } from '../../src/logging/create-logger';
import { ApiClient } from '../support/api-client';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';
import { dropWiringKeys } from '../support/wiring';
import { NONE, openTenant } from '../support/wiring-health';

/** Past the hour, so that a minute more or less stays in it. */
const START = new Date('2026-03-02T09:20:00.000Z');
const HOUR = 3_600_000;
const TABLE = 'migration.wiring_health_history';
const SERVICE_ROLE = 'discovery_wiring_service';

interface Hour {
  id: string;
  client_account_id: string;
  engagement_id: string;
  hour: string;
  checked_at: string;
  health_status: string;
  metrics: typeof NONE;
}

describe('the history of the wiring health', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
    await dropWiringKeys(service.sql);
  });
  // The clock stands still but where a test moves it, and nothing else does.
  beforeEach(() => {
    jest.useFakeTimers({
      now: START,
      doNotFake: [
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
        'setTimeout',
        'clearTimeout',
      ],
    });
  });
  afterEach(() => jest.useRealTimers());
  afterAll(() => service.stop());

  const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
  const historyOf = async (client: ApiClient, query = '') =>
    (await client.get(`/health/wiring/history${query}`)).body.data as Hour[];
  /** The newest hour, once it has what is expected. */
  const newest = (client: ApiClient, expected: Partial<Hour>) =>
    waitFor(`the newest hour to be ${JSON.stringify(expected)}`, async () => {
      const [hour] = await historyOf(client);
      const wanted = Object.entries(expected) as [keyof Hour, unknown][];
      return wanted.every(([name, value]) => hour?.[name] === value) && hour;
    });
  /** Counts anew, so many minutes after the start. */
  async function check(tenant: ReturnType<typeof openTenant>, minutes: number, query = '') {
    jest.setSystemTime(at(minutes));
    return tenant.health(`?refresh=true${query}`);
  }
  /** Another process on the same database: it knows nothing of what this one remembers. */
  async function startAnother(): Promise<NestFastifyApplication> {
    const settings = loadSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: service.databaseUrl,
      PORT: '0',
    });
    const app = await createApp(settings, service.databaseUrl, createLogger(settings));
    await listen(app, settings);
    return app;
  }
  /** Asks another process, which has ended when this is done. */
  async function askAnother(client: ApiClient, path: string) {
    const app = await startAnother();
    const answer = await new ApiClient(await app.getUrl(), client.tenant).get(path);
    await app.close();
    return answer.body;
  }
  const mend = ({ client }: ReturnType<typeof openTenant>) =>
    service.sql.query(
      `UPDATE migration.assets SET discovery_method = 'manual' WHERE client_account_id = $1 AND engagement_id = $2`,
      [client.tenant.client_account_id, client.tenant.engagement_id],
    );
  const stored = async (client: ApiClient) =>
    (
      await service.sql.query<{ hours: number }>(
        `SELECT count(*)::int AS hours FROM ${TABLE} WHERE client_account_id = $1 AND engagement_id = $2`,
        [client.tenant.client_account_id, client.tenant.engagement_id],
      )
    ).rows[0]!.hours;

  it('has an hour for each in which the health was counted, of the tenant alone', async () => {
    const tenant = openTenant(service);
    await tenant.rows.asset({ discovery_method: 'flow_based' });
    const { body } = await check(tenant, 0, '&detail=true');
    const hour = await newest(tenant.client, { health_status: 'unhealthy' });
    expect(hour).toEqual({
      ...tenant.client.tenant,
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      hour: '2026-03-02T09:00:00.000Z',
      checked_at: START.toISOString(),
      health_status: 'unhealthy',
      metrics: body.metrics,
    });
    const sibling = { ...tenant.client.tenant, engagement_id: randomUUID() };
    const stranger = { ...tenant.client.tenant, client_account_id: randomUUID() };
    for (const other of [sibling, stranger]) {
      const client = new ApiClient(service.origin, other);
      expect(await historyOf(client)).toEqual([]);
      await client.get('/health/wiring');
      await newest(client, { ...other, health_status: 'healthy' });
      expect(await historyOf(client)).toHaveLength(1);
    }
    expect(await historyOf(tenant.client)).toEqual([hour]);
  });

  it('keeps the worst of an hour, and when it was first counted so', async () => {
    const tenant = openTenant(service);
    await check(tenant, 0);
    await newest(tenant.client, { health_status: 'healthy' });
    const pending = await tenant.rows.record({ is_processed: false, fate: 'pending' });
    await check(tenant, 1);
    await newest(tenant.client, { health_status: 'degraded', checked_at: at(1).toISOString() });
    const asset = await tenant.rows.asset({ discovery_method: 'flow_based' });
    expect((await check(tenant, 2, '&strict=true')).status).toBe(503);
    const broken = await newest(tenant.client, { health_status: 'unhealthy' });
    expect(broken).toMatchObject({
      checked_at: at(2).toISOString(),
      metrics: { flow_based_assets_missing_discovery_flow_id: 1, unprocessed_raw_records: 1 },
    });
    // As bad, and the same.
    await check(tenant, 3);
    // As bad, and another: the row follows, and so the one before has been through.
    const second = await tenant.rows.asset({ discovery_method: 'flow_based' });
    await check(tenant, 4);
    const worse = await newest(tenant.client, { checked_at: at(4).toISOString() });
    expect(worse).toMatchObject({
      id: broken.id,
      health_status: 'unhealthy',
      metrics: { flow_based_assets_missing_discovery_flow_id: 2 },
    });
    await service.sql.query(`DELETE FROM migration.assets WHERE id = ANY ($1)`, [[asset, second]]);
    await service.sql.query(`DELETE FROM migration.raw_import_records WHERE id = $1`, [pending]);
    expect((await check(tenant, 5)).body.health_status).toBe('healthy');
    // The next hour is one of its own; when it is there, all before it has been written.
    await check(tenant, 60);
    await newest(tenant.client, { hour: '2026-03-02T10:00:00.000Z', health_status: 'healthy' });
    expect((await historyOf(tenant.client)).slice(1)).toEqual([worse]);
  });

  it('is written once, where check after check finds the same', async () => {
    const [tenant, next] = [openTenant(service), openTenant(service)];
    for (let minute = 0; minute < 3; minute++) {
      await check(tenant, minute);
      await newest(tenant.client, { checked_at: START.toISOString() });
    }
    // Writes follow each other, so those before this one are done.
    await check(next, 3);
    await newest(next.client, { health_status: 'healthy' });
    // An upsert that changes nothing locks the row all the same, which is a write.
    const { rows } = await service.sql.query(
      `SELECT xmax::text AS locked_by FROM ${TABLE} WHERE client_account_id = $1`,
      [tenant.client.tenant.client_account_id],
    );
    expect(rows).toEqual([{ locked_by: '0' }]);
  });

  it('has no hour of an answer that came from the cache, and none that is unknown', async () => {
    const tenant = openTenant(service);
    await service.sql.query(`REVOKE SELECT ON migration.assets FROM ${SERVICE_ROLE}`);
    expect((await check(tenant, 0)).body.health_status).toBe('unknown');
    await service.sql.query(`GRANT SELECT ON migration.assets TO ${SERVICE_ROLE}`);
    await check(tenant, 60);
    jest.setSystemTime(at(120));
    expect((await tenant.health('')).body.cached).toBe(true);
    await check(tenant, 180);
    await newest(tenant.client, { hour: '2026-03-02T12:00:00.000Z' });
    expect((await historyOf(tenant.client)).map(({ hour }) => hour)).toEqual([
      '2026-03-02T12:00:00.000Z',
      '2026-03-02T10:00:00.000Z',
    ]);
  });

  it('survives a restart, and what another process has written is overwritten by the worse alone', async () => {
    const tenant = openTenant(service);
    await tenant.rows.asset({ discovery_method: 'flow_based' });
    await check(tenant, 5);
    const broken = await newest(tenant.client, { health_status: 'unhealthy' });
    expect((await askAnother(tenant.client, '/health/wiring/history')).data).toEqual([broken]);
    await tenant.rows.asset({ discovery_method: 'flow_based' });
    // As bad and different, but counted before what is there.
    jest.setSystemTime(at(4));
    await askAnother(tenant.client, '/health/wiring');
    expect(await historyOf(tenant.client)).toEqual([broken]);
    jest.setSystemTime(at(6));
    await askAnother(tenant.client, '/health/wiring');
    const [latest] = await historyOf(tenant.client);
    expect(latest).toMatchObject({
      id: broken.id,
      checked_at: at(6).toISOString(),
      metrics: { flow_based_assets_missing_discovery_flow_id: 2 },
    });
    await mend(tenant);
    jest.setSystemTime(at(7));
    expect((await askAnother(tenant.client, '/health/wiring')).health_status).toBe('healthy');
    expect(await historyOf(tenant.client)).toEqual([latest]);
  });

  it('is pruned after 90 days, its own tenant’s and so many at a time', async () => {
    const [tenant, other] = [openTenant(service), openTenant(service)];
    for (const { client } of [tenant, other]) {
      await service.sql.query(
        `INSERT INTO ${TABLE} (client_account_id, engagement_id, id, hour, checked_at, health_status, metrics)
         SELECT $1, $2, gen_random_uuid(), h, h, 'healthy', '{}'
           FROM generate_series($3::timestamptz - interval '90 days 150 hours',
                                $3::timestamptz - interval '90 days', '1 hour') AS h`,
        [client.tenant.client_account_id, client.tenant.engagement_id, '2026-03-02T09:00:00Z'],
      );
    }
    await check(tenant, 0);
    await newest(tenant.client, { hour: '2026-03-02T09:00:00.000Z' });
    expect(await stored(tenant.client)).toBe(52);
    await check(tenant, 60);
    await newest(tenant.client, { hour: '2026-03-02T10:00:00.000Z' });
    // The hour of 90 days ago has its hour behind it, too.
    expect((await historyOf(tenant.client)).map(({ hour }) => hour)).toEqual([
      '2026-03-02T10:00:00.000Z',
      '2026-03-02T09:00:00.000Z',
    ]);
    expect(await stored(other.client)).toBe(151);
  });

  describe('that cannot be written', () => {
    let blocker: Client;
    beforeEach(async () => {
      blocker = new Client({ connectionString: service.databaseUrl });
      await blocker.connect();
    });
    afterEach(() => blocker.end());

    it('holds no answer up, and is written when it can be', async () => {
      const broken = openTenant(service);
      const others = Array.from({ length: 50 }, () => openTenant(service));
      await broken.rows.asset({ discovery_method: 'flow_based' });
      const writesThatWait = async () => {
        const { rows } = await service.sql.query(
          `SELECT FROM pg_locks WHERE relation = '${TABLE}'::regclass AND NOT granted`,
        );
        return rows.length;
      };
      await blocker.query(`BEGIN; LOCK TABLE ${TABLE}`);
      expect((await broken.health('?strict=true')).status).toBe(503);
      // The answer came first.
      await waitFor('the write to wait', async () => (await writesThatWait()) === 1);
      const asked = performance.now();
      const answers = await Promise.all(others.map(({ health }) => health('?strict=true')));
      expect(performance.now() - asked).toBeLessThan(3_000);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      await waitFor('the write to give up', async () => (await writesThatWait()) === 0);
      await mend(broken);
      expect((await broken.health('?refresh=true')).body.health_status).toBe('healthy');
      await blocker.query('COMMIT');

      const late = openTenant(service);
      for (const { client } of [late, broken, ...others]) {
        await waitFor('the hour of each', async () => {
          await late.health('?refresh=true');
          return (await stored(client)) === 1;
        });
      }
      await newest(broken.client, { health_status: 'unhealthy' });
    });

    it('fails no answer', async () => {
      const tenant = openTenant(service);
      await service.sql.query(`REVOKE INSERT ON ${TABLE} FROM ${SERVICE_ROLE}`);
      for (let minute = 0; minute < 3; minute++) {
        const { status, body } = await check(tenant, minute);
        expect([status, body.health_status]).toEqual([200, 'healthy']);
      }
      await service.sql.query(`GRANT INSERT ON ${TABLE} TO ${SERVICE_ROLE}`);
      await waitFor('the hour', async () => {
        await tenant.health();
        return (await stored(tenant.client)) === 1;
      });
      await newest(tenant.client, { checked_at: START.toISOString() });
    });

    it('is waited for at the shutdown', async () => {
      const [first, second] = [service.newClient(), service.newClient()];
      const app = await startAnother();
      await blocker.query(`BEGIN; LOCK TABLE ${TABLE}`);
      for (const { tenant } of [first, second]) {
        await new ApiClient(await app.getUrl(), tenant).get('/health/wiring');
      }
      const closed = app.close();
      await blocker.query('COMMIT');
      await closed;
      expect([await stored(first), await stored(second)]).toEqual([1, 1]);
    });
  });

  describe('as a list', () => {
    const HOURS = [4, 3, 2, 1, 0].map((hours) => new Date(Date.UTC(2026, 2, 2, 9 + hours)).toISOString());
    let tenant: ReturnType<typeof openTenant>;
    beforeEach(async () => {
      tenant = openTenant(service);
      for (let hour = 0; hour < HOURS.length; hour++) await check(tenant, (hour * HOUR) / 60_000);
      await newest(tenant.client, { hour: HOURS[0]! });
    });
    const hours = async (query: string) => (await historyOf(tenant.client, query)).map(({ hour }) => hour);

    it('is newest first, in pages that neither repeat nor leave out', async () => {
      expect(await hours('')).toEqual(HOURS);
      const pages: string[] = [];
      for (const page of [1, 2, 3]) {
        const { body } = await tenant.client.get(`/health/wiring/history?page_size=2&page=${page}`);
        expect(body.pagination).toEqual({ page, page_size: 2, total: 5, total_pages: 3 });
        expect(body.metadata).toEqual({ max_page_size: 200, page_size_capped: false });
        pages.push(...(body.data as Hour[]).map(({ hour }) => hour));
      }
      expect(pages).toEqual(HOURS);
    });

    it('is narrowed by when an hour begins', async () => {
      expect(await hours(`?from=${HOURS[1]!}`)).toEqual(HOURS.slice(0, 2));
      expect(await hours(`?to=${HOURS[1]!}`)).toEqual(HOURS.slice(2));
      expect(await hours(`?from=${HOURS[3]!}&to=${HOURS[1]!}`)).toEqual(HOURS.slice(2, 4));
      expect(await hours('?from=2026-03-02T09:00:01Z&to=2026-03-02T10:00:00Z')).toEqual([]);
    });

    it.each([
      ['from=2026-03-01', 'from'],
      ['to=', 'to'],
      ['page=0', 'page'],
      ['page_size=201', 'page_size'],
      ['strict=true', 'strict'],
    ])('refuses ?%s by name', async (query, field) => {
      expectProblem(await tenant.client.get(`/health/wiring/history?${query}`), 400, [field]);
    });
  });

  it('gives the service no right to move an hour or a tenant', async () => {
    const { rows } = await service.sql.query<{ columns: string[] }>(`
      SELECT array_agg(a.attname::text ORDER BY a.attname::text) AS columns FROM pg_attribute a
       WHERE a.attrelid = '${TABLE}'::regclass AND a.attnum > 0
         AND has_column_privilege('${SERVICE_ROLE}', a.attrelid, a.attnum, 'UPDATE')`);
    expect(rows[0]!.columns).toEqual(['checked_at', 'health_status', 'metrics']);
  });
});
