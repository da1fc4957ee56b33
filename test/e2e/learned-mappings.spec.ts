import { randomUUID } from 'node:crypto';
import { ApiClient } from '../support/api-client';
import { startTestService, type TestService } from '../support/test-service';

const COLUMNS = ['Rechnername', 'Blubb', 'Serial Number', 'Rack'];

interface Suggestion {
  source_field: string;
  target_field: string;
  confidence_score: number;
  match_type: string;
  rule: string;
}

describe('mappings that a tenant approved', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  /** Another file each time, so that it is no duplicate. */
  async function upload(columns = COLUMNS, by = client) {
    const cells = columns.map(() => randomUUID().slice(0, 8));
    const { status, body } = await by.upload('a.csv', `${columns.join(',')}\n${cells.join(',')}\n`);
    expect(status).toBe(201);
    return body as { id: string; suggested_field_mappings: Suggestion[] };
  }
  async function createFlow(data_import_id: string, field_mappings?: object): Promise<string> {
    const body = { flow_name: 'x', data_import_id, ...(field_mappings && { field_mappings }) };
    const flow = await client.post('/discovery-flows', body);
    expect(flow.status).toBe(201);
    return flow.body.flow_id as string;
  }
  const approve = async (field_mappings: object) => createFlow((await upload()).id, field_mappings);
  async function put(flowId: string, field_mappings: object): Promise<void> {
    const { status } = await client.put(`/discovery-flows/${flowId}/field-mappings`, { field_mappings });
    expect(status).toBe(200);
  }
  async function suggestion(header: string, columns = COLUMNS, by = client) {
    const { suggested_field_mappings } = await upload(columns, by);
    return suggested_field_mappings.find(({ source_field }) => source_field === header);
  }
  const lessons = async () =>
    (
      await service.sql.query<{
        header: string;
        source: string;
        target_field: string | null;
        approvals: number;
      }>(
        `SELECT header, source, target_field, approvals FROM migration.learned_field_mappings
          WHERE client_account_id = $1 AND engagement_id = $2 ORDER BY source, header_key`,
        [client.tenant.client_account_id, client.tenant.engagement_id],
      )
    ).rows;
  const today = () => new Date().toISOString().slice(0, 10);

  it('are suggested first the next time, with their date, and approved by the next flow', async () => {
    expect(await suggestion('Blubb')).toBeUndefined();
    await approve({ Rechnername: 'hostname', Blubb: 'environment', 'Serial Number': 'serial_number' });
    const columns = ['BLUBB', 'Serial Number', 'Neu'];
    const next = await upload(columns);
    expect(next.suggested_field_mappings).toEqual([
      {
        source_field: 'BLUBB',
        target_field: 'environment',
        confidence_score: 1,
        match_type: 'learned',
        rule: `approved by this tenant on ${today()}`,
        evidence: [`approved by this tenant on ${today()}`],
      },
      expect.objectContaining({ source_field: 'Serial Number', match_type: 'learned' }),
    ]);
    expect((await client.get(`/data-imports/${next.id}`)).body.suggested_field_mappings).toEqual(
      next.suggested_field_mappings,
    );
    const flow = await client.get(`/discovery-flows/${await createFlow(next.id)}`);
    expect(flow.body.field_mappings).toEqual({ BLUBB: 'environment', 'Serial Number': 'serial_number' });
  });

  it('are not seen by another engagement of the client, nor by another client', async () => {
    await approve({ Blubb: 'environment' });
    const { client_account_id, engagement_id } = client.tenant;
    for (const tenant of [
      { client_account_id, engagement_id: randomUUID() },
      { client_account_id: randomUUID(), engagement_id },
    ]) {
      const stranger = new ApiClient(service.origin, tenant);
      expect(await suggestion('Blubb', COLUMNS, stranger)).toBeUndefined();
      expect(await suggestion('Serial Number', COLUMNS, stranger)).toMatchObject({ match_type: 'exact' });
    }
    expect(await suggestion('Blubb')).toMatchObject({ match_type: 'learned' });
  });

  it('are not suggested for files of another source', async () => {
    const { id } = await upload();
    await service.sql.query(`UPDATE migration.data_imports SET source = 'netbox' WHERE id = $1`, [id]);
    await createFlow(id, { Blubb: 'environment' });
    expect(await lessons()).toContainEqual(expect.objectContaining({ header: 'Blubb', source: 'netbox' }));
    expect(await suggestion('Blubb')).toBeUndefined();
  });

  it('can be changed by PUT, and the latest choice counts', async () => {
    const flowId = await approve({ Blubb: 'environment', 'Serial Number': 'serial_number' });
    await put(flowId, { Blubb: 'location', 'Serial Number': 'serial_number' });
    expect(await suggestion('Blubb')).toMatchObject({ target_field: 'location', confidence_score: 1 });
    await put(flowId, { 'Serial Number': 'serial_number' });
    expect(await suggestion('Blubb')).toBeUndefined();
    expect(await lessons()).toEqual([
      { header: 'Blubb', source: 'generic', target_field: null, approvals: 1 },
      expect.objectContaining({ header: 'Rechnername', target_field: null }),
      { header: 'Serial Number', source: 'generic', target_field: 'serial_number', approvals: 3 },
    ]);
  });

  it('a column that was left out although it was offered is not suggested with confidence again', async () => {
    expect(await suggestion('Serial Number')).toMatchObject({ match_type: 'exact' });
    const flowId = await approve({ Blubb: 'environment' });
    const left = await suggestion('Serial Number');
    expect(left).toMatchObject({ target_field: 'serial_number', confidence_score: 0.5, match_type: 'exact' });
    expect(left?.rule).toMatch(`but this tenant left the column out on ${today()}`);
    await put(flowId, { 'Serial Number': 'serial_number' });
    expect(await suggestion('Serial Number')).toMatchObject({ confidence_score: 1, match_type: 'learned' });
  });

  it('of a flow that approved the suggestions by itself, or whose mappings were cleared, teach nothing', async () => {
    const flowId = await createFlow((await upload()).id);
    await put(flowId, {});
    expect(await lessons()).toEqual([]);
    expect(await suggestion('Serial Number')).toMatchObject({ match_type: 'exact' });
  });

  it('are remembered for columns of the file only, and one for headers that differ in their writing', async () => {
    const { id } = await upload(['Host Name', 'hostname']);
    await createFlow(id, { hostname: 'name', Nowhere: 'location' });
    expect(await lessons()).toEqual([
      { header: 'hostname', source: 'generic', target_field: 'name', approvals: 1 },
    ]);
  });

  it('of two headers for one field: the latest approved is confident, the other is not', async () => {
    await approve({ Blubb: 'environment' });
    const second = await upload(['Zone', 'x']);
    await createFlow(second.id, { Zone: 'environment' });
    const { suggested_field_mappings } = await upload(['Blubb', 'Zone']);
    expect(suggested_field_mappings).toMatchObject([
      {
        source_field: 'Blubb',
        confidence_score: 0.75,
        rule: expect.stringContaining('"Zone" goes before it'),
      },
      { source_field: 'Zone', confidence_score: 1 },
    ]);
  });

  it('are not remembered when the approval is refused, however long a header is when it is not', async () => {
    const { id } = await upload(['漢'.repeat(5000), 'b']);
    const body = { flow_name: 'x', data_import_id: id, field_mappings: { b: 'nonsense' } };
    expect((await client.post('/discovery-flows', body)).status).toBe(400);
    expect(await lessons()).toEqual([]);
    await createFlow(id, { ['漢'.repeat(5000)]: 'name' });
    expect(await lessons()).toHaveLength(1);
  });

  it('of two approvals at once, in another order of the headers, are both remembered', async () => {
    const { id } = await upload();
    const mappings = { Rechnername: 'hostname', Blubb: 'environment', Rack: 'location' };
    const backwards = Object.fromEntries(Object.entries(mappings).reverse());
    await Promise.all([1, 2, 3, 4].map((n) => createFlow(id, n % 2 === 0 ? mappings : backwards)));
    expect((await lessons()).filter(({ approvals }) => approvals === 4)).toHaveLength(4);
  });
});
