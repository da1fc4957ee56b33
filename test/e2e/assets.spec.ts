import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { AssetsService } from '../../src/assets/assets.service';
import { ApiClient } from '../support/api-client';
import { importAndFlow, recordsOf, runToEnd, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';
import { dropWiringKeys, TenantRows } from '../support/wiring';

const LIST = '/unified-discovery/assets';

describe('the asset list', () => {
  let service: TestService;
  let client: ApiClient;
  let flowId: string;
  let flowKey: string;
  beforeAll(async () => {
    service = await startTestService();
    client = service.newClient();
    ({ flowId, flowKey } = await importAndFlow(client, serversCsv(1001)));
    await runToEnd(client, flowId);
    await new TenantRows(service.sql, client.tenant).asset({ name: 'by hand', created_at: new Date() });
  });
  afterAll(() => service.stop());

  const walk = async (query: string, page_size: number) => {
    const seen: { id: string; created_at: string }[] = [];
    for (let page = 1; ; page++) {
      const { body } = await client.get(`${LIST}?page=${page}&page_size=${page_size}${query}`);
      if (body.data.length === 0) return { seen, pagination: body.pagination };
      seen.push(...body.data);
    }
  };

  it('answers a page, its pagination and its metadata', async () => {
    const { status, body } = await client.get(LIST);
    expect(status).toBe(200);
    expect(body.data).toHaveLength(100);
    expect(body.pagination).toEqual({ page: 1, page_size: 100, total: 1002, total_pages: 11 });
    expect(body.metadata).toEqual({ max_page_size: 200, page_size_capped: false });
    for (const asset of body.data as Record<string, unknown>[]) {
      expect(asset).toMatchObject({
        ...client.tenant,
        asset_type: expect.any(String),
        cpu_cores: expect.any(Number),
      });
    }
  });

  it('shows each asset as it is shown alone, whatever is in it', async () => {
    const own = service.newClient();
    const rows = new TenantRows(service.sql, own.tenant);
    await rows.asset({
      name: '"quoted" \\ \u2028 \u0001\n é 😀',
      cpu_cores: 0.1,
      memory_gb: 1e21,
      storage_gb: -0.000001,
      custom_attributes: '{"Rack": ["R7", {"": null}], "a\\"b": 12345678901}',
      raw_data: '{}',
      created_at: '2026-01-02T03:04:05.987654Z',
      updated_at: '2026-06-30T23:59:59+05:30',
      discovery_timestamp: '1999-12-31T23:59:59.1Z',
    });
    await rows.asset({ created_at: '2026-01-02T03:04:06Z' });
    const { body } = await own.get(LIST);
    expect(body.data[0].created_at).toBe('2026-01-02T03:04:05.987Z');
    const alone = await Promise.all(
      (body.data as { id: string }[]).map(async ({ id }) => (await own.get(`${LIST}/${id}`)).body as unknown),
    );
    expect(body.data).toEqual(alone);
  });

  it.each([7, 200])(
    'shows each asset exactly once over all pages of %d, in its total order',
    async (size) => {
      const { seen, pagination } = await walk('', size);
      expect(pagination).toMatchObject({ total: 1002, total_pages: Math.ceil(1002 / size) });
      expect(new Set(seen.map(({ id }) => id)).size).toBe(1002);
      expect(seen).toHaveLength(1002);
      // A chunk's assets share their time: ties are what the order must break.
      expect(new Set(seen.map(({ created_at }) => created_at)).size).toBeLessThan(10);
      const sorted = [...seen].sort((a, b) => (a.created_at + a.id < b.created_at + b.id ? -1 : 1));
      expect(seen.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));
    },
  );

  it.each(['', 'flow'])('goes on behind an asset, as by number, at any depth: %s', async (of) => {
    const filter = of ? `&flow_id=${flowId}` : '';
    const { seen } = await walk(filter, 200);
    const followed: string[] = [];
    for (let after = ''; ;) {
      const { status, body } = await client.get(`${LIST}?page_size=97${filter}${after && `&after=${after}`}`);
      expect(status).toBe(200);
      expect(body.pagination.total).toBe(seen.length);
      if (body.data.length === 0) break;
      followed.push(...(body.data as { id: string }[]).map(({ id }) => id));
      after = followed.at(-1)!;
    }
    expect(followed).toEqual(seen.map(({ id }) => id));
    const second = await client.get(`${LIST}?page=2&page_size=10${filter}&after=${followed[99]!}`);
    expect((second.body.data as { id: string }[]).map(({ id }) => id)).toEqual(followed.slice(110, 120));
  });

  it('goes on behind no asset of another tenant, and behind a deleted one', async () => {
    const stranger = service.newClient();
    const [{ id }] = (await client.get(`${LIST}?page_size=1`)).body.data as [{ id: string }];
    expectProblem(await stranger.get(`${LIST}?after=${id}`), 404);
    const sibling = new ApiClient(service.origin, { ...client.tenant, engagement_id: randomUUID() });
    expectProblem(await sibling.get(`${LIST}?after=${id}`), 404);
    const rows = new TenantRows(service.sql, stranger.tenant);
    const at = (second: number) => ({ created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)) });
    const [first, gone, last] = [
      await rows.asset(at(1)),
      await rows.asset({ ...at(2), deleted_at: new Date() }),
      await rows.asset(at(3)),
    ];
    const idsOf = async (query: string) =>
      ((await stranger.get(`${LIST}${query}`)).body.data as { id: string }[]).map((asset) => asset.id);
    expect(await idsOf('')).toEqual([first, last]);
    expect(await idsOf(`?after=${gone}`)).toEqual([last]);
  });

  it.each([
    ['after=x', 'after', /UUID/],
    ['page_size=0', 'page_size', /1/],
    ['page_size=201', 'page_size', /200/],
    ['page_size=1000', 'page_size', /200/],
    ['page_size=-1', 'page_size', /1/],
    ['page_size=ten', 'page_size', /200/],
    ['page_size=1e2', 'page_size', /200/],
    ['page_size=', 'page_size', /200/],
    ['page_size=99999999999999999999', 'page_size', /200/],
    ['page=0', 'page', /1/],
    ['page=-5', 'page', /1/],
    ['page=1.5', 'page', /whole/],
    ['page=1&page=2', 'page', /once/],
    ['flow_id=x', 'flow_id', /UUID/],
    ['flow_id=', 'flow_id', /UUID/],
    ['limit=10', 'limit', /./],
    ['sort=name', 'sort', /./],
  ])('refuses ?%s, naming it and the limit', async (query, field, message) => {
    const answer = await client.get(`${LIST}?${query}`);
    expectProblem(answer, 400, [field]);
    const messages = (answer.body.errors as { message: string }[]).map((error) => error.message).join();
    expect(messages).toMatch(message);
  });

  it.each(['page_size=1', 'page_size=200', 'page=500'])('takes ?%s', async (query) => {
    expect((await client.get(`${LIST}?${query}`)).status).toBe(200);
  });

  it('is narrowed by the public flow_id, which is no primary key', async () => {
    const { body } = await client.get(`${LIST}?flow_id=${flowId}&page_size=200`);
    expect(body.pagination.total).toBe(1001);
    expect(new Set(body.data.map((asset: { discovery_flow_id: string }) => asset.discovery_flow_id))).toEqual(
      new Set([flowKey]),
    );
    expect((await client.get(`${LIST}?flow_id=${flowId.toUpperCase()}`)).body.pagination.total).toBe(1001);
    expectProblem(await client.get(`${LIST}?flow_id=${flowKey}`), 404);
    expectProblem(await client.get(`${LIST}?flow_id=${randomUUID()}`), 404);
    const sibling = new ApiClient(service.origin, { ...client.tenant, engagement_id: randomUUID() });
    for (const stranger of [sibling, service.newClient()]) {
      expectProblem(await stranger.get(`${LIST}?flow_id=${flowId}`), 404);
      expect((await stranger.get(LIST)).body).toMatchObject({
        data: [],
        pagination: { total: 0, total_pages: 0 },
      });
    }
    const empty = await client.post('/discovery-flows', { flow_name: 'empty' });
    expect((await client.get(`${LIST}?flow_id=${String(empty.body.flow_id)}`)).body.pagination.total).toBe(0);
  });

  it('caps what code asks the service for, with a warning', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    const assets = service.app.get(AssetsService);
    const page = await assets.list(client.tenant, { page: 2, page_size: 1000 });
    expect(page.data).toHaveLength(200);
    expect(page.pagination).toEqual({ page: 2, page_size: 200, total: 1002, total_pages: 6 });
    expect(page.metadata).toEqual({ max_page_size: 200, page_size_capped: true });
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/1000.*200/));
    warn.mockClear();
    expect((await assets.list(client.tenant, { page: 1, page_size: 200 })).metadata.page_size_capped).toBe(
      false,
    );
    expect(warn).not.toHaveBeenCalled();
  });

  it('hides deleted assets, which health and lineage go on to see', async () => {
    const own = service.newClient();
    const { flowId: flow } = await importAndFlow(own, serversCsv(3));
    await runToEnd(own, flow);
    const [first] = (await own.get(LIST)).body.data;
    await service.sql.query('UPDATE migration.assets SET deleted_at = now() WHERE id = $1', [first.id]);
    for (const query of ['', `?flow_id=${flow}`]) {
      const { body } = await own.get(LIST + query);
      expect(body.pagination.total).toBe(2);
      expect(body.data.map(({ id }: { id: string }) => id)).not.toContain(first.id);
    }
    expect((await own.get(`${LIST}/${String(first.id)}/lineage`)).body.links.raw_import_record.holds).toBe(
      true,
    );
    expect((await own.get('/health/wiring?refresh=true')).body.health_status).toBe('healthy');
  });
});

describe('lineage', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
    await dropWiringKeys(service.sql);
  });
  afterAll(() => service.stop());

  async function linkedAsset() {
    const client = service.newClient();
    const flow = await importAndFlow(client, serversCsv(2));
    await runToEnd(client, flow.flowId);
    const [record, other] = await recordsOf(client, flow.importId);
    const assetId = record!.asset_id!;
    const lineage = () => client.get(`${LIST}/${assetId}/lineage`);
    const set = (table: string, id: string, change: string) =>
      service.sql.query(`UPDATE migration.${table} SET ${change} WHERE id = '${id}'`);
    return { client, ...flow, record: record!, other: other!, assetId, lineage, set };
  }
  const state = (forward: boolean, backward: boolean) => ({ forward, backward, holds: forward && backward });
  const WHOLE = {
    raw_import_record: state(true, true),
    data_import: state(true, true),
    discovery_flow: state(true, true),
    master_flow: state(true, true),
  };

  it('leads from the asset to its row, file and flows, each link both ways', async () => {
    const { lineage, assetId, record, importId, flowId, flowKey } = await linkedAsset();
    const { status, body } = await lineage();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      asset: { id: assetId },
      raw_import_record: { id: record.id, asset_id: assetId },
      data_import: { id: importId },
      discovery_flow: { id: flowKey, flow_id: flowId },
      master_flow: { flow_id: flowId },
      links: WHOLE,
    });
  });

  type Linked = Awaited<ReturnType<typeof linkedAsset>>;
  it.each<[string, (it: Linked) => Promise<unknown>, object]>([
    [
      'the asset names no record, which names it still',
      ({ set, assetId }) => set('assets', assetId, 'raw_import_records_id = NULL'),
      { raw_import_record: state(false, true) },
    ],
    [
      'the record names no asset',
      ({ set, record }) => set('raw_import_records', record.id, 'asset_id = NULL'),
      { raw_import_record: state(true, false) },
    ],
    [
      'the record names another asset',
      ({ set, record, other }) =>
        set('raw_import_records', record.id, `asset_id = '${String(other.asset_id)}'`),
      { raw_import_record: state(true, false) },
    ],
    [
      'the record is undecided, and the asset names none',
      async ({ set, record, assetId }) => {
        await set('raw_import_records', record.id, 'is_processed = false');
        await set('assets', assetId, 'raw_import_records_id = NULL');
      },
      { raw_import_record: state(false, true) },
    ],
    [
      'the record is not there',
      ({ set, assetId }) => set('assets', assetId, `raw_import_records_id = '${randomUUID()}'`),
      { raw_import_record: state(false, false), data_import: state(false, false) },
    ],
    [
      'neither names the other',
      async ({ set, record, assetId }) => {
        await set('raw_import_records', record.id, 'asset_id = NULL');
        await set('assets', assetId, 'raw_import_records_id = NULL');
      },
      { raw_import_record: state(false, false), data_import: state(false, false) },
    ],
    [
      'the record names no import',
      ({ set, record }) => set('raw_import_records', record.id, 'data_import_id = NULL'),
      { data_import: state(false, false) },
    ],
    [
      'the asset names no flow',
      ({ set, assetId }) => set('assets', assetId, 'discovery_flow_id = NULL'),
      { discovery_flow: state(false, false), master_flow: state(true, false) },
    ],
    [
      'the flow is not there',
      ({ set, assetId }) => set('assets', assetId, `discovery_flow_id = '${randomUUID()}'`),
      { discovery_flow: state(false, false), master_flow: state(true, false) },
    ],
    [
      'the flow is named by its public id',
      ({ set, assetId, flowId }) => set('assets', assetId, `discovery_flow_id = '${flowId}'`),
      { discovery_flow: state(false, false), master_flow: state(true, false) },
    ],
    [
      'the asset names no master flow',
      ({ set, assetId }) => set('assets', assetId, 'master_flow_id = NULL'),
      { master_flow: state(false, false) },
    ],
    [
      'the flow names another master flow',
      ({ set, flowKey }) => set('discovery_flows', flowKey, `master_flow_id = '${randomUUID()}'`),
      { master_flow: state(true, false) },
    ],
  ])('says which way is broken: %s', async (_what, breakIt, broken) => {
    const linked = await linkedAsset();
    await breakIt(linked);
    const { status, body } = await linked.lineage();
    expect([status, body.links]).toEqual([200, { ...WHOLE, ...broken }]);
  });

  it('never shows another tenant’s row, though a link names it', async () => {
    const [mine, theirs] = [await linkedAsset(), await linkedAsset()];
    await mine.set(
      'assets',
      mine.assetId,
      `raw_import_records_id = '${theirs.record.id}', discovery_flow_id = '${theirs.flowKey}', master_flow_id = '${theirs.flowId}'`,
    );
    const { body, text } = await mine.lineage();
    expect(body).toMatchObject({
      raw_import_record: null,
      data_import: null,
      discovery_flow: null,
      master_flow: null,
    });
    expect(text).not.toContain(theirs.client.tenant.client_account_id);
  });

  it('is 404 for an asset that is not there, 400 for an id that is none', async () => {
    const client = service.newClient();
    for (const end of ['', '/lineage']) {
      expectProblem(await client.get(`${LIST}/${randomUUID()}${end}`), 404);
      expectProblem(await client.get(`${LIST}/17${end}`), 400, ['id']);
    }
  });
});
