import { randomUUID } from 'node:crypto';
import { ApiClient } from '../support/api-client';
import { countLinks, refuseAssetsNamed } from '../support/fault';
import { importAndFlow, recordsOf, runToEnd, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

const servers = (count: number, prefix = 'srv') =>
  Array.from({ length: count }, (_, i) => ({ name: `${prefix}-${i}`, asset_type: 'server' }));

describe('persisting a given list of assets', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  const persist = (flowId: string, discovered_assets: unknown) =>
    client.post(`/discovery-flows/${flowId}/assets`, { discovered_assets });
  const bareFlow = async () =>
    (await client.post('/discovery-flows', { flow_name: 'f' })).body.flow_id as string;
  const total = async () => (await client.get('/unified-discovery/assets')).body.pagination.total as number;

  it('makes each item an asset of the flow, with the domain’s words and every field', async () => {
    const { flowId, flowKey, importId } = await importAndFlow(client, serversCsv(1));
    const [record] = await recordsOf(client, importId);
    const item = {
      name: 'web-01',
      hostname: 'web-01',
      fqdn: 'web-01.example.com',
      ip_address: '10.0.0.1',
      operating_system: 'Ubuntu 24.04',
      cpu_cores: 4,
      memory_gb: 61.2,
      storage_gb: 0,
      location: 'FRA',
      business_owner: 'b',
      technical_owner: 't',
      application_name: 'shop',
      serial_number: '00042',
      description: 'ä ✓',
    };
    const custom_attributes = {
      rack: 'R1',
      toString: 't',
      valueOf: 'v',
      hasOwnProperty: 'h',
      then: 'x',
      nested: { a: [1, null, true] },
    };
    const words = { asset_type: 'SERVER', environment: 'PROD', criticality: 'High', status: 'discovered' };
    const answer = await persist(flowId, [
      { ...item, ...words, custom_attributes, raw_import_record_id: record!.id.toUpperCase() },
    ]);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      total_created: 1,
      total_linked: 1,
      total_skipped: 0,
      chunks: [{ chunk: 1, created: 1, linked: 1, skipped: 0, status: 'committed' }],
      items: [],
    });
    const [asset] = (await client.get('/unified-discovery/assets')).body.data;
    const flow = (await client.get(`/discovery-flows/${flowId}`)).body;
    expect(asset).toMatchObject({
      ...item,
      ...{ asset_type: 'server', environment: 'production', criticality: 'high', status: 'discovered' },
      raw_import_records_id: record!.id,
      discovery_flow_id: flowKey,
      master_flow_id: flowId,
      field_mappings_used: flow.field_mappings_hash,
      discovery_method: 'flow_based',
      discovery_source: 'Discovery Flow',
      source_phase: asset.current_phase,
      deleted_at: null,
    });
    expect(asset.custom_attributes).toEqual(custom_attributes);
    expect((await recordsOf(client, importId))[0]).toMatchObject({
      asset_id: asset.id,
      is_processed: true,
      fate: 'created',
      processing_notes: 'Linked to: web-01',
    });
  });

  it('takes 1 to 10,000 items a call, in chunks of 500', async () => {
    const flowId = await bareFlow();
    expectProblem(await persist(flowId, []), 400, ['discovered_assets']);
    expectProblem(await persist(flowId, servers(10_001)), 400, ['discovered_assets']);
    expect(await total()).toBe(0);
    const { status, body } = await persist(flowId, servers(10_000));
    expect([status, body.total_created, body.total_linked, body.chunks.length]).toEqual([201, 10_000, 0, 20]);
    expect(body.chunks[19]).toEqual({ chunk: 20, created: 500, linked: 0, skipped: 0, status: 'committed' });
    expect(await total()).toBe(10_000);
    const { rows } = await service.sql.query<{ transactions: number }>(
      'SELECT count(DISTINCT xmin::text)::int AS transactions FROM migration.assets WHERE client_account_id = $1',
      [client.tenant.client_account_id],
    );
    expect(rows[0]!.transactions).toBe(20);
  });

  it.each([
    ['no name', { name: undefined }, 'name'],
    ['a blank name', { name: ' ' }, 'name'],
    ['a name that is a number', { name: 5 }, 'name'],
    ['a name with NUL', { name: 'a\0' }, 'name'],
    ['a name with half a surrogate pair', { name: 'a\ud800' }, 'name'],
    ['a name of a megabyte', { name: 'x'.repeat(1_000_000) }, 'name'],
    ['no asset_type', { asset_type: undefined }, 'asset_type'],
    ['an asset_type that is none', { asset_type: 'spaceship' }, 'asset_type'],
    ['type instead of asset_type', { type: 'server' }, 'type'],
    ['a record id that is none', { raw_import_record_id: '17' }, 'raw_import_record_id'],
    ['a negative quantity', { memory_gb: -1 }, 'memory_gb'],
    ['a quantity in words', { cpu_cores: '4' }, 'cpu_cores'],
    ['a status that is none', { status: 'lost' }, 'status'],
    ['attributes that are a list', { custom_attributes: [1] }, 'custom_attributes'],
    ['attributes with NUL', { custom_attributes: { a: { b: ['x\0'] } } }, 'custom_attributes'],
    [
      'attributes with half a surrogate pair in a name',
      { custom_attributes: { '\udfff': 1 } },
      'custom_attributes',
    ],
    ['somebody’s tenant', { client_account_id: randomUUID() }, 'client_account_id'],
    ['a property that every object has', { toString: 'x' }, 'toString'],
    [
      'an attribute named constructor',
      { custom_attributes: { a: { constructor: 1 } } },
      'custom_attributes.a.constructor',
    ],
  ])('refuses an item with %s by its index and writes nothing', async (_what, change, field) => {
    const items: object[] = servers(20);
    items[17] = { ...items[17], ...change };
    expectProblem(await persist(await bareFlow(), items), 400, [`discovered_assets[17].${field}`]);
    expect(await total()).toBe(0);
  });

  it.each([
    [null, 'discovered_assets[0]'],
    [5, 'discovered_assets[0]'],
    ['x', 'discovered_assets[0]'],
    [[], 'discovered_assets[0]'],
    [[{ name: 'a', asset_type: 'server' }], 'discovered_assets[0]'],
  ])('refuses the item %j', async (item, field) => {
    expectProblem(await persist(await bareFlow(), [item]), 400, [field]);
  });

  it.each([null, 'x', 7, undefined])('refuses the list %j', async (list) => {
    expectProblem(await persist(await bareFlow(), list), 400, ['discovered_assets']);
  });

  it('names every malformed item of a call', async () => {
    const answer = await persist(await bareFlow(), [
      { name: '' },
      servers(1)[0],
      { asset_type: 'server', name: null },
    ]);
    expectProblem(answer, 400, [
      'discovered_assets[0].name',
      'discovered_assets[0].asset_type',
      'discovered_assets[2].name',
    ]);
  });

  it('is 404 for a flow that is not there, and for its primary key', async () => {
    const { flowKey } = await importAndFlow(client, serversCsv(1));
    for (const id of [randomUUID(), flowKey]) expectProblem(await persist(id, servers(1)), 404);
    expectProblem(await persist('x', servers(1)), 400, ['flow_id']);
  });

  it('skips what is linked, decided, unknown, foreign or named twice, and makes no asset of it', async () => {
    const { flowId, importId } = await importAndFlow(
      client,
      `Hostname,X\nlinked,1\n,2\nfree,3\n\0,4\nalso-free,5\n`,
    );
    await runToEnd(client, flowId, {});
    const [linked, nameless, , broken] = await recordsOf(client, importId);
    const fresh = await importAndFlow(client, serversCsv(2));
    const [free, twice] = await recordsOf(client, fresh.importId);
    const siblings = [
      new ApiClient(service.origin, { ...client.tenant, engagement_id: randomUUID() }),
      service.newClient(),
    ];
    const foreign = [];
    for (const sibling of siblings) {
      const { importId: theirs } = await importAndFlow(sibling, serversCsv(1));
      foreign.push((await recordsOf(sibling, theirs))[0]!.id);
    }
    const before = await total();
    const ids = [free, linked, nameless, broken].map((record) => record!.id);
    const named = [...ids, randomUUID(), ...foreign, twice!.id, twice!.id.toUpperCase()];
    const items = [
      ...named.map((raw_import_record_id, i) => ({ ...servers(1, `i${i}`)[0], raw_import_record_id })),
      ...servers(1),
    ];
    const { status, body } = await persist(flowId, items);
    expect(status).toBe(201);
    expect(body).toMatchObject({ total_created: 3, total_linked: 2, total_skipped: 7 });
    expect(body.items).toEqual(
      [
        [1, 'raw_record_already_linked'],
        [2, 'raw_record_already_decided'],
        [3, 'raw_record_already_decided'],
        [4, 'raw_record_not_found'],
        [5, 'raw_record_not_found'],
        [6, 'raw_record_not_found'],
        [8, 'raw_record_named_twice'],
      ].map(([index, code]) => ({ index, code, message: expect.any(String) })),
    );
    expect(await total()).toBe(before + 3);
    for (const sibling of siblings) {
      expect((await sibling.get('/raw-import-records')).body.data[0]).toMatchObject({
        fate: 'pending',
        asset_id: null,
      });
      expect((await sibling.get('/unified-discovery/assets')).body.pagination.total).toBe(0);
    }
    const again = await persist(flowId, [items[0]]);
    expect([again.status, again.body]).toMatchObject([
      201,
      { total_created: 0, total_skipped: 1, chunks: [{ status: 'committed', skipped: 1 }] },
    ]);
    expect((await client.get('/health/wiring?refresh=true')).body.metrics.asymmetric_links).toBe(0);
  });

  it('links a record once, however many name it at the same moment', async () => {
    const { flowId, importId } = await importAndFlow(client, serversCsv(1));
    const [record] = await recordsOf(client, importId);
    const items = [{ ...servers(1)[0], raw_import_record_id: record!.id }];
    const answers = await Promise.all(Array.from({ length: 8 }, () => persist(flowId, items)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(answers.map(({ body }) => body.total_created as number).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    expect(await countLinks(service.sql, client.tenant.client_account_id)).toEqual({
      assets: 1,
      pairs: 1,
      pointing_assets: 1,
      pointing_records: 1,
    });
  });
});

describe.each([
  ['stop', ['committed', 'failed', 'not_attempted'], 20],
  ['skip', ['committed', 'failed', 'committed'], 30],
  ['retry', ['committed', 'failed', 'not_attempted'], 20],
])('when the database refuses a chunk, under the policy %s', (policy, statuses, created) => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService({
      ASSET_CHUNK_RETRY_POLICY: policy,
      ASSET_BATCH_CHUNK_SIZE: '20',
      ASSET_CHUNK_MAX_RETRIES: '1',
    });
    await refuseAssetsNamed(service.sql, 'srv-25');
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  it('answers for each chunk and item, and writes nothing of the failed one', async () => {
    const { flowId, importId } = await importAndFlow(client, serversCsv(50));
    const records = await recordsOf(client, importId);
    const discovered_assets = servers(50).map((item, i) => ({
      ...item,
      raw_import_record_id: records[i]!.id,
    }));
    const { status, body, text } = await client.post(`/discovery-flows/${flowId}/assets`, {
      discovered_assets,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ total_created: created, total_linked: created, total_skipped: 0 });
    expect(body.chunks.map((chunk: { status: string }) => chunk.status)).toEqual(statuses);
    expect(body.chunks[1]).toEqual({
      chunk: 2,
      created: 0,
      linked: 0,
      skipped: 0,
      status: 'failed',
      error: expect.any(String),
    });
    expect(body.items).toEqual(
      Array.from({ length: 20 }, (_, i) => ({
        index: 20 + i,
        code: 'chunk_failed',
        message: expect.any(String),
      })),
    );
    expect(text).not.toMatch(/srv-2\d|Failing row|INSERT/);
    expect(await countLinks(service.sql, client.tenant.client_account_id)).toEqual({
      assets: created,
      pairs: created,
      pointing_assets: created,
      pointing_records: created,
    });
    const pending = (await recordsOf(client, importId)).filter(({ is_processed }) => !is_processed);
    expect(pending).toHaveLength(50 - created);
    expect((await client.get('/health/wiring?refresh=true')).body.health_status).toBe('degraded');
  });

  it('answers with the failure’s own status when nothing was committed', async () => {
    const flow = await client.post('/discovery-flows', { flow_name: 'f' });
    const answer = await client.post(`/discovery-flows/${String(flow.body.flow_id)}/assets`, {
      discovered_assets: [{ name: 'srv-25', asset_type: 'server' }],
    });
    expectProblem(answer, 500);
    expect((await client.get('/unified-discovery/assets')).body.pagination.total).toBe(0);
  });
});
