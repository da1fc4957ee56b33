import { randomUUID } from 'node:crypto';
import { ApiClient } from '../support/api-client';
import { startTestService, type TestService } from '../support/test-service';
import { dropWiringKeys, TenantRows } from '../support/wiring';
import { ISO, type Metric, NONE, openTenant, SEVERITIES } from '../support/wiring-health';

describe('wiring health, after a rollback of the keys', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ WIRING_HEALTH_CACHE_TTL_SECONDS: '0' });
    await dropWiringKeys(service.sql);
  });
  afterAll(() => service.stop());

  type Break = (rows: TenantRows, flow: string) => Promise<unknown>;
  const ones: [string, Partial<Record<Metric, number>>, Break][] = [
    [
      'an asset that a flow made and that names none',
      { flow_based_assets_missing_discovery_flow_id: 1, all_assets_missing_discovery_flow_id: 1 },
      (rows) => rows.asset({ discovery_method: 'flow_based' }),
    ],
    [
      'an asset made by hand',
      { all_assets_missing_discovery_flow_id: 1 },
      (rows) => rows.asset({ discovery_method: 'manual' }),
    ],
    [
      'a deleted asset, whose links stay',
      { assets_with_orphan_raw_import_ref: 1 },
      (rows, flow) =>
        rows.asset({ discovery_flow_id: flow, raw_import_records_id: randomUUID(), deleted_at: new Date() }),
    ],
    [
      'a record whose asset is not there',
      { raw_records_with_orphan_asset_ref: 1 },
      (rows) => rows.record({ asset_id: randomUUID() }),
    ],
    [
      'an asset whose flow is not there',
      { assets_with_orphan_discovery_flow_ref: 1 },
      (rows) => rows.asset({ discovery_flow_id: randomUUID() }),
    ],
    [
      'an asset that names a flow by its public id, not its key',
      { assets_with_orphan_discovery_flow_ref: 1 },
      async (rows) => {
        const flow_id = randomUUID();
        await rows.flow({ flow_id });
        await rows.asset({ discovery_flow_id: flow_id });
      },
    ],
    [
      'an asset that names a record which names none',
      { asymmetric_links: 1 },
      async (rows, flow) =>
        rows.asset({ discovery_flow_id: flow, raw_import_records_id: await rows.record() }),
    ],
    [
      'a record that names an asset which names none',
      { asymmetric_links: 1 },
      async (rows, flow) => rows.record({ asset_id: await rows.asset({ discovery_flow_id: flow }) }),
    ],
    [
      'three assets that name one record, which names the first',
      { asymmetric_links: 2 },
      async (rows, flow) => {
        const { record } = await rows.pair(flow);
        await rows.asset({ discovery_flow_id: flow, raw_import_records_id: record });
        await rows.asset({ discovery_flow_id: flow, raw_import_records_id: record });
      },
    ],
    [
      'three records that name one asset, which names the first',
      { asymmetric_links: 2 },
      async (rows, flow) => {
        const { asset } = await rows.pair(flow);
        await rows.record({ asset_id: asset });
        await rows.record({ asset_id: asset });
      },
    ],
    [
      'two assets that name one record, which names an asset that is not there',
      { asymmetric_links: 2, raw_records_with_orphan_asset_ref: 1 },
      async (rows, flow) => {
        const record = await rows.record({ asset_id: randomUUID() });
        await rows.asset({ discovery_flow_id: flow, raw_import_records_id: record });
        await rows.asset({ discovery_flow_id: flow, raw_import_records_id: record });
      },
    ],
    [
      'links shifted by one: every row names its neighbour’s asset',
      { asymmetric_links: 6 },
      async (rows, flow) => {
        const ids = [1, 2, 3].map(() => ({ asset: randomUUID(), record: randomUUID() }));
        for (const [i, { asset, record }] of ids.entries()) {
          await rows.asset({ id: asset, discovery_flow_id: flow, raw_import_records_id: record });
          await rows.record({ id: record, asset_id: ids[(i + 1) % 3]!.asset });
        }
      },
    ],
  ];

  it.each(ones)('counts %s', async (_what, counts, breakIt) => {
    const { rows, health } = openTenant(service);
    const flow = await rows.flow();
    await rows.pair(flow);
    await breakIt(rows, flow);
    const { status, body } = await health();
    expect(body.metrics).toEqual({ ...NONE, ...counts });
    const isError = Object.keys(counts).some((name) => SEVERITIES[name as Metric] === 'error');
    expect([status, body.health_status]).toEqual([200, isError ? 'unhealthy' : 'healthy']);
    expect((await health('?strict=true')).status).toBe(isError ? 503 : 200);
    const sampled = Object.entries(body.samples as Record<string, unknown[]>).map(([name, list]) => [
      name,
      list.length,
    ]);
    expect(Object.fromEntries(sampled)).toEqual(
      Object.fromEntries(Object.entries(counts).map(([k, n]) => [k, Math.min(n, 5)])),
    );
    expect(body.checks.every(({ verified_by }: { verified_by: string }) => verified_by === 'scan')).toBe(
      true,
    );
  });

  it('counts every fault at once, and none of another engagement’s or client’s', async () => {
    const { client, rows, health } = openTenant(service);
    const flow = await rows.flow();
    const expected = { ...NONE };
    for (const [, counts, breakIt] of ones) {
      await breakIt(rows, flow);
      for (const [name, count] of Object.entries(counts)) expected[name as Metric] += count;
    }
    const siblings = [
      { ...client.tenant, engagement_id: randomUUID() },
      { ...client.tenant, client_account_id: randomUUID() },
    ].map((tenant) => ({
      rows: new TenantRows(service.sql, tenant),
      client: new ApiClient(service.origin, tenant),
    }));
    for (const sibling of siblings) {
      const itsFlow = await sibling.rows.flow();
      const { asset, record } = await sibling.rows.pair(itsFlow);
      // What exists in a sibling only does not exist here.
      await rows.asset({ discovery_flow_id: itsFlow, raw_import_records_id: record });
      await rows.record({ asset_id: asset });
      expected.assets_with_orphan_discovery_flow_ref++;
      expected.assets_with_orphan_raw_import_ref++;
      expected.raw_records_with_orphan_asset_ref++;
    }
    const { body } = await health();
    expect(body.metrics).toEqual(expected);
    for (const [name, list] of Object.entries(body.samples as Record<Metric, object[]>)) {
      expect(list).toHaveLength(Math.min(5, expected[name as Metric]));
      for (const sample of list) {
        expect(sample).toMatchObject({ id: expect.any(String), created_at: expect.stringMatching(ISO) });
        expect('name' in sample || 'row_number' in sample).toBe(true);
      }
    }
    for (const sibling of siblings) {
      expect((await sibling.client.get('/health/wiring')).body).toMatchObject({
        health_status: 'healthy',
        metrics: NONE,
      });
    }
  });
});
