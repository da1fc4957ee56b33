import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { ApiClient, newTenant } from '../support/api-client';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';
import { TenantRows } from '../support/wiring';
import { ISO, METRICS, NONE, openTenant, SEVERITIES } from '../support/wiring-health';

describe('wiring health, with the keys in place', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  it('has the shape of the contract and is scoped to its tenant', async () => {
    const { client, rows, health } = openTenant(service);
    await rows.asset();
    await new TenantRows(service.sql, newTenant()).asset();
    const answer = await health('');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.body).toEqual({
      health_status: 'healthy',
      tenant: client.tenant,
      metrics: { ...NONE, all_assets_missing_discovery_flow_id: 1 },
      checks: METRICS.map((name) => ({
        name,
        count: name === 'all_assets_missing_discovery_flow_id' ? 1 : 0,
        severity: SEVERITIES[name],
        description: expect.stringMatching(/\S/),
        verified_by: expect.stringMatching(/^(constraint|scan)$/),
      })),
      samples: null,
      cached: false,
      cache_age_seconds: 0,
      checked_at: expect.stringMatching(ISO),
    });
    const detailed = await health('?detail=true');
    expect(detailed.status).toBe(200);
    expect(Object.keys(detailed.body.samples)).toEqual(['all_assets_missing_discovery_flow_id']);
  });

  it('is healthy for a tenant without rows, and says so with empty samples', async () => {
    const { health } = openTenant(service);
    expect((await health()).body).toMatchObject({ health_status: 'healthy', metrics: NONE, samples: {} });
  });

  it('degrades over undecided valid rows, and over no others', async () => {
    const { rows, health } = openTenant(service);
    await rows.record({ is_valid: false, is_processed: false, fate: 'rejected' });
    await rows.record({ is_valid: false, fate: 'rejected' });
    expect((await health()).body.health_status).toBe('healthy');
    const id = await rows.record({ is_processed: false, fate: 'pending', row_number: 7 });
    const { status, body } = await health('?refresh=true&detail=true&strict=true');
    expect([status, body.health_status]).toEqual([200, 'degraded']);
    expect(body.metrics).toEqual({ ...NONE, unprocessed_raw_records: 1 });
    expect(body.samples.unprocessed_raw_records).toEqual([
      { id, row_number: 7, created_at: expect.stringMatching(ISO) },
    ]);
  });

  it('is proven by valid, enabled keys alone, key by key', async () => {
    const { health } = openTenant(service);
    const verified = async (query = '?refresh=true') =>
      Object.fromEntries(
        (await health(query)).body.checks.map((check: { name: string; verified_by: string }) => [
          check.name,
          check.verified_by,
        ]),
      );
    const all = {
      flow_based_assets_missing_discovery_flow_id: 'scan',
      all_assets_missing_discovery_flow_id: 'scan',
      assets_with_orphan_raw_import_ref: 'constraint',
      raw_records_with_orphan_asset_ref: 'constraint',
      assets_with_orphan_discovery_flow_ref: 'constraint',
      asymmetric_links: 'constraint',
      unprocessed_raw_records: 'scan',
    };
    const { asset_key_off, flow_key_off } = {
      asset_key_off: { ...all, assets_with_orphan_raw_import_ref: 'scan', asymmetric_links: 'scan' },
      flow_key_off: { ...all, assets_with_orphan_discovery_flow_ref: 'scan' },
    };
    expect(await verified()).toEqual(all);
    expect(new Set(Object.values(await verified('?refresh=true&verify=scan')))).toEqual(new Set(['scan']));

    await service.sql.query('ALTER TABLE migration.discovery_flows DISABLE TRIGGER ALL');
    expect(await verified()).toEqual(flow_key_off);
    await service.sql.query('ALTER TABLE migration.discovery_flows ENABLE TRIGGER ALL');
    expect(await verified()).toEqual(all);

    const { rows } = await service.sql.query<{ definition: string }>(
      `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = 'fk_assets_raw_import_record'`,
    );
    const key = 'fk_assets_raw_import_record';
    await service.sql.query(`ALTER TABLE migration.assets DROP CONSTRAINT ${key}`);
    expect(await verified()).toEqual(asset_key_off);
    await service.sql.query(
      `ALTER TABLE migration.assets ADD CONSTRAINT ${key} ${rows[0]!.definition} NOT VALID`,
    );
    expect(await verified()).toEqual(asset_key_off);
    await service.sql.query(`ALTER TABLE migration.assets VALIDATE CONSTRAINT ${key}`);
    expect(await verified()).toEqual(all);
  });

  it('finds by ?verify=scan what a session has written past enabled keys', async () => {
    const { rows, health } = openTenant(service);
    await service.sql.query('SET session_replication_role = replica');
    await rows.asset({ raw_import_records_id: randomUUID() });
    await service.sql.query('SET session_replication_role = DEFAULT');
    expect((await health()).body.metrics.assets_with_orphan_raw_import_ref).toBe(0);
    const scanned = await health('?verify=scan');
    expect(scanned.body).toMatchObject({
      health_status: 'unhealthy',
      metrics: { assets_with_orphan_raw_import_ref: 1 },
    });
  });

  it('is kept per tenant and detail until it is refreshed', async () => {
    const { rows, health } = openTenant(service);
    const first = (await health('')).body;
    await rows.asset();
    const second = (await health('')).body;
    expect(second).toEqual({ ...first, cached: true, cache_age_seconds: expect.any(Number) });
    expect((await health('?detail=true')).body).toMatchObject({
      cached: false,
      metrics: { all_assets_missing_discovery_flow_id: 1 },
    });
    const refreshed = (await health('?refresh=true')).body;
    expect(refreshed).toMatchObject({
      cached: false,
      cache_age_seconds: 0,
      metrics: { all_assets_missing_discovery_flow_id: 1 },
    });
    expect((await health('?detail=false')).body).toMatchObject({
      cached: true,
      checked_at: refreshed.checked_at,
    });
    const older = await waitFor('the answer to age', async () => {
      const { body } = await health('');
      return body.cache_age_seconds > 0 && body;
    });
    expect(older).toMatchObject({ cached: true, checked_at: refreshed.checked_at });
  });

  it.each([
    'detail=yes',
    'detail=',
    'refresh=1',
    'strict=TRUE',
    'verify=constraint',
    'detail=true&detail=true',
    'fresh=true',
  ])('refuses ?%s by name', async (query) => {
    const { health } = openTenant(service);
    expectProblem(await health(`?${query}`), 400, [query.split('=', 1)[0]!]);
  });

  it('shares one computation among identical requests, whose answers are one', async () => {
    const { client, health } = openTenant(service);
    const other = new ApiClient(service.origin, newTenant());
    const blocker = new Client({ connectionString: service.databaseUrl });
    await blocker.connect();
    const waiting = async () => {
      const { rows } = await service.sql.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_locks l JOIN pg_stat_activity a USING (pid)
          WHERE NOT l.granted AND a.datname = current_database() AND a.application_name = 'discovery-wiring'`,
      );
      return rows[0]!.waiting;
    };
    try {
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE migration.assets IN ACCESS EXCLUSIVE MODE');
      const same = Array.from({ length: 20 }, () => health(''));
      await waitFor('the shared query', async () => (await waiting()) === 1);
      const apart = other.get('/health/wiring');
      await waitFor('the other tenant’s own query', async () => (await waiting()) === 2);
      await blocker.query('COMMIT');
      const answers = await Promise.all(same);
      expect(new Set(answers.map(({ body }) => body.checked_at)).size).toBe(1);
      expect(answers[0]!.body.tenant).toEqual(client.tenant);
      expect((await apart).body.tenant).toEqual(other.tenant);
    } finally {
      await blocker.end();
    }
  });
});
