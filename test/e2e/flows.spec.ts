import { createHash, randomUUID } from 'node:crypto';
import { ApiClient } from '../support/api-client';
import { importAndFlow, runToEnd, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MAPPINGS = { 'Server Name': 'name', IP: 'ip_address', 'Umgebung ä': 'environment' };

/** `json.dumps({"flow_id": …, "mappings": …}, sort_keys=True)` by hand, for texts without astral characters. */
function referenceHash(id: string, mappings: Record<string, string>): string {
  const text = (value: string) =>
    JSON.stringify(value).replace(
      /[\u007f-\uffff]/g,
      (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'),
    );
  const members = Object.keys(mappings)
    .sort()
    .map((key) => `${text(key)}: ${text(mappings[key]!)}`);
  return createHash('sha256')
    .update(`{"flow_id": ${text(id)}, "mappings": {${members.join(', ')}}}`)
    .digest('hex');
}

describe('discovery flows', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  const create = (body: object) => client.post('/discovery-flows', body);
  const put = (flowId: string, field_mappings: unknown) =>
    client.put(`/discovery-flows/${flowId}/field-mappings`, { field_mappings });
  const rowsOf = async (table: string) =>
    (
      await service.sql.query<Record<string, string>>(
        `SELECT *, xmin::text AS xmin FROM migration.${table} WHERE client_account_id = $1 AND engagement_id = $2`,
        [client.tenant.client_account_id, client.tenant.engagement_id],
      )
    ).rows;
  const choices = async () =>
    Object.fromEntries(
      (await rowsOf('import_field_mappings')).map((row) => [
        `${row.source_field!} → ${row.target_field!}`,
        row.status,
      ]),
    );

  it('are created with their master flow, in one transaction, which takes their public id', async () => {
    const { status, headers, body } = await create({ flow_name: '  CMDB Frankfurt ' });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/discovery-flows/${String(body.flow_id)}`);
    expect(body).toMatchObject({
      ...client.tenant,
      id: expect.stringMatching(UUID),
      flow_id: expect.stringMatching(UUID),
      master_flow_id: body.flow_id,
      data_import_id: null,
      flow_name: 'CMDB Frankfurt',
      status: 'initialized',
      current_phase: 'data_import',
      field_mappings: {},
      field_mappings_hash: null,
      mappings_version_id: null,
      progress_percentage: 0,
      created_at: expect.stringMatching(ISO),
    });
    expect(body.id).not.toBe(body.flow_id);
    const [[flow], [master]] = [
      await rowsOf('discovery_flows'),
      await rowsOf('crewai_flow_state_extensions'),
    ];
    expect(master).toMatchObject({
      flow_id: body.flow_id,
      flow_type: 'discovery',
      flow_status: body.status,
      xmin: flow!.xmin,
    });
    expect(master!.id).not.toBe(body.flow_id);
  });

  it('leave nothing when their master flow cannot be written', async () => {
    await service.sql.query(
      `ALTER TABLE migration.discovery_flows ADD CONSTRAINT ck_test_fault CHECK (flow_name <> 'poison') NOT VALID`,
    );
    expectProblem(await create({ flow_name: 'poison' }), 500);
    await service.sql.query('ALTER TABLE migration.discovery_flows DROP CONSTRAINT ck_test_fault');
    expect(await rowsOf('crewai_flow_state_extensions')).toEqual([]);
  });

  it('approve the confident suggestions of their import by themselves, and no others', async () => {
    const csv = 'Hostname,IP Address,Foo,Owner\nweb-01,10.0.0.1,x,Jo\n';
    const created = await client.upload('a.csv', csv);
    const suggested = created.body.suggested_field_mappings as {
      source_field: string;
      target_field: string;
      confidence_score: number;
    }[];
    const confident = suggested.filter(({ confidence_score }) => confidence_score >= 0.8);
    const flow = await create({ flow_name: 'f', data_import_id: created.body.id });
    expect(flow.body.field_mappings).toEqual(
      Object.fromEntries(confident.map(({ source_field, target_field }) => [source_field, target_field])),
    );
    expect(flow.body).toMatchObject({
      data_import_id: created.body.id,
      status: 'active',
      field_mapping_completed: true,
    });
    expect(await choices()).toEqual(
      Object.fromEntries(
        suggested.map(({ source_field, target_field, confidence_score }) => [
          `${source_field} → ${target_field}`,
          confidence_score >= 0.8 ? 'approved' : expect.stringMatching(/^(suggested|rejected)$/),
        ]),
      ),
    );
    const [master] = await rowsOf('crewai_flow_state_extensions');
    const approved = (await rowsOf('import_field_mappings')).filter((row) => row.status === 'approved');
    // In this one table the master flow goes by its id.
    expect(new Set(approved.map((row) => row.master_flow_id))).toEqual(new Set([master!.id]));
    expect((await client.get(`/data-imports/${String(created.body.id)}`)).body.master_flow_id).toBe(
      flow.body.flow_id,
    );
  });

  it('take given mappings in the place of suggestions, none at all included', async () => {
    const created = await client.upload('a.csv', serversCsv(1));
    const given = await create({
      flow_name: 'f',
      data_import_id: created.body.id,
      field_mappings: { Rack: 'name' },
    });
    expect(given.body.field_mappings).toEqual({ Rack: 'name' });
    expect(await choices()).toMatchObject({ 'Rack → name': 'approved', 'Hostname → hostname': 'rejected' });
    const none = await create({ flow_name: 'g', data_import_id: created.body.id, field_mappings: {} });
    expect(none.body).toMatchObject({
      field_mappings: {},
      field_mappings_hash: null,
      status: 'waiting_for_approval',
    });
  });

  it('replace their mappings, and hash and statuses follow', async () => {
    const { flowId } = await importAndFlow(client, serversCsv(1));
    const before = (await client.get(`/discovery-flows/${flowId}`)).body;
    const { status, body } = await put(flowId, { Rack: 'location', Hostname: 'name' });
    expect(status).toBe(200);
    expect(body.field_mappings).toEqual({ Rack: 'location', Hostname: 'name' });
    expect(body.mappings_version_id).not.toBe(before.mappings_version_id);
    expect(body.field_mappings_hash).toBe(
      referenceHash(body.id as string, body.field_mappings as Record<string, string>),
    );
    expect(await choices()).toMatchObject({
      'Rack → location': 'approved',
      'Hostname → name': 'approved',
      'Hostname → hostname': 'rejected',
      'IP Address → ip_address': 'rejected',
    });
    expect((await put(flowId, { Hostname: 'hostname' })).body.field_mappings).toEqual({
      Hostname: 'hostname',
    });
    expect(await choices()).toMatchObject({
      'Hostname → hostname': 'approved',
      'Rack → location': 'rejected',
    });
    const none = await put(flowId, {});
    expect(none.body).toMatchObject({
      field_mappings: {},
      field_mappings_hash: null,
      field_mapping_completed: false,
    });
  });

  it('hash their mappings as Python does, over the primary key, and their assets carry it', async () => {
    expect(referenceHash('11111111-1111-4111-8111-111111111111', MAPPINGS)).toBe(
      '9fbb3de65127fd65a19c048b2fcb957dc1a4dc3dc041f192462b001028b911b3',
    );
    const { body } = await create({ flow_name: 'f', field_mappings: MAPPINGS });
    expect(body.field_mappings_hash).toBe(referenceHash(body.id as string, MAPPINGS));
    const reversed = Object.fromEntries(Object.entries(MAPPINGS).reverse());
    expect((await put(body.flow_id as string, reversed)).body.field_mappings_hash).toBe(
      body.field_mappings_hash,
    );

    // The vector itself, over HTTP: a flow of the vector's id.
    const [row] = await rowsOf('discovery_flows');
    await service.sql.query(
      `UPDATE migration.discovery_flows SET id = '11111111-1111-4111-8111-111111111111' WHERE id = $1`,
      [row!.id],
    );
    expect((await put(body.flow_id as string, MAPPINGS)).body).toMatchObject({
      id: '11111111-1111-4111-8111-111111111111',
      field_mappings_hash: '9fbb3de65127fd65a19c048b2fcb957dc1a4dc3dc041f192462b001028b911b3',
    });

    const { flowId, flowKey } = await importAndFlow(client, serversCsv(2));
    await runToEnd(client, flowId);
    const flow = (await client.get(`/discovery-flows/${flowId}`)).body;
    const assets = (await client.get(`/unified-discovery/assets?flow_id=${flowId}`)).body.data;
    for (const asset of assets as Record<string, unknown>[]) {
      expect(asset.field_mappings_used).toBe(
        referenceHash(flowKey, flow.field_mappings as Record<string, string>),
      );
    }
  });

  it.each([
    ['an unknown target', { A: 'hostname', 'RAM (GB)': 'ram' }, ['field_mappings.RAM (GB)']],
    ['several', { A: 'x', B: 'type', C: 'name' }, ['field_mappings.A', 'field_mappings.B']],
    ['a column that is no mapping target', { A: 'client_account_id' }, ['field_mappings.A']],
    ['a name of the prototype', { A: 'toString' }, ['field_mappings.A']],
    ['a target that is no text', { A: 5 }, ['field_mappings.A']],
    ['a target of null', { A: null }, ['field_mappings.A']],
    ['a blank source', { ' ': 'name' }, ['field_mappings. ']],
    ['a source with NUL', { 'a\0': 'name' }, ['field_mappings.a\0']],
    ['a list', [], ['field_mappings']],
    ['a text', 'name', ['field_mappings']],
  ])('refuse mappings with %s by name, on creation and later', async (_what, field_mappings, fields) => {
    const { flowId } = await importAndFlow(client, serversCsv(1));
    const before = (await client.get(`/discovery-flows/${flowId}`)).body;
    expectProblem(await create({ flow_name: 'f', field_mappings }), 400, fields);
    expectProblem(await put(flowId, field_mappings), 400, fields);
    expect((await client.get(`/discovery-flows/${flowId}`)).body).toEqual(before);
    expect(await rowsOf('discovery_flows')).toHaveLength(1);
  });

  it.each([
    [{}, 'flow_name'],
    [{ flow_name: '' }, 'flow_name'],
    [{ flow_name: '   ' }, 'flow_name'],
    [{ flow_name: 'a\0b' }, 'flow_name'],
    [{ flow_name: 'x'.repeat(256) }, 'flow_name'],
    [{ flow_name: 7 }, 'flow_name'],
    [{ flow_name: 'f', data_import_id: 'x' }, 'data_import_id'],
    [{ flow_name: 'f', flow_id: randomUUID() }, 'flow_id'],
    [{ flow_name: 'f', status: 'completed' }, 'status'],
  ])('refuse %j by name', async (body, field) => {
    expectProblem(await create(body), 400, [field]);
    expect(await rowsOf('crewai_flow_state_extensions')).toEqual([]);
  });

  it('take a source header that every object has a property of', async () => {
    const { body } = await create({ flow_name: 'f', field_mappings: { toString: 'name', valueOf: 'fqdn' } });
    expect(body.field_mappings).toEqual({ toString: 'name', valueOf: 'fqdn' });
  });

  it('are 404 over an import that is unknown or foreign, 409 over one that failed', async () => {
    const sibling = new ApiClient(service.origin, { ...client.tenant, engagement_id: randomUUID() });
    const foreign = await sibling.upload('a.csv', serversCsv(1));
    for (const data_import_id of [randomUUID(), foreign.body.id]) {
      expectProblem(await create({ flow_name: 'f', data_import_id }), 404);
    }
    expect((await client.upload('a.json', '[{"a":')).status).toBe(422);
    const [failed] = (await client.get('/data-imports')).body.data;
    expectProblem(await create({ flow_name: 'f', data_import_id: failed.id }), 409);
  });

  it('are found by their public id alone, and listed page by page', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await create({ flow_name: `f${i}` })).body.flow_id as string);
    const first = (await client.get(`/discovery-flows/${ids[0]!}`)).body;
    expect(first).toMatchObject({ flow_id: ids[0], flow_name: 'f0' });
    expectProblem(await client.get(`/discovery-flows/${String(first.id)}`), 404);
    const seen: string[] = [];
    for (const page of [1, 2, 3]) {
      const { body } = await client.get(`/discovery-flows?page=${page}&page_size=2`);
      expect(body.pagination).toEqual({ page, page_size: 2, total: 5, total_pages: 3 });
      expect(body.metadata).toEqual({ max_page_size: 200, page_size_capped: false });
      seen.push(...body.data.map(({ flow_id }: { flow_id: string }) => flow_id));
    }
    expect(seen).toEqual([...ids].reverse());
    expectProblem(await client.get('/discovery-flows?page_size=201'), 400, ['page_size']);
  });
});
