import ExcelJS from 'exceljs';
import type { ApiClient } from '../support/api-client';
import { recordsOf, runToEnd } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

const HEADER = 'Hostname,IP Address,RAM (GB),Disk (GB),Rack';
const INVENTORY = [
  HEADER,
  'web-01,10.0.0.1,16,50,R1',
  'db-01,10.0.1.1,64,100,R2',
  'WEB-01 ,10.0.0.2,16,,',
  ',10.9.9.9,8,10,R3',
  'web-02,10.0.0.3,8,20,R1',
  'db-\0 x,10.0.1.2,64,200,R2',
  'db-01,10.0.1.3,64,200,R2',
  '',
].join('\n');
const BY_HOST = '?group_by=Hostname';

describe('an import that groups rows', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  async function upload(
    content: string | Uint8Array<ArrayBuffer> = INVENTORY,
    query = BY_HOST,
    name = 'a.csv',
  ) {
    const answer = await client.upload(name, content, query);
    expect({ status: answer.status, detail: answer.body?.detail }).toEqual({
      status: 201,
      detail: undefined,
    });
    return answer.body;
  }
  async function runOver(data_import_id: string) {
    const flow = await client.post('/discovery-flows', { flow_name: 'x', data_import_id });
    expect(flow.status).toBe(201);
    return (await runToEnd(client, flow.body.flow_id)).body;
  }
  const cellsOf = async (id: string) =>
    (await recordsOf(client, id)).map(({ row_number, raw_data }) => [row_number, ...Object.values(raw_data)]);

  it('makes one record of the rows with the same value, and says how many', async () => {
    const body = await upload();
    expect(body).toMatchObject({
      total_records: 5,
      valid_records: 4,
      rejected_records: 1,
      grouping: { by: 'Hostname', rows: 4, groups: 2 },
      reading: { group_by: 'Hostname' },
    });
    expect(
      (await recordsOf(client, body.id)).map(({ row_number, raw_data, fate }) => [
        row_number,
        raw_data,
        fate,
      ]),
    ).toEqual([
      [1, cells('web-01', '10.0.0.1; 10.0.0.2', '16', '50', 'R1'), 'pending'],
      [2, cells('db-01', '10.0.1.1; 10.0.1.3', '64', '100; 200', 'R2'), 'pending'],
      [4, cells('', '10.9.9.9', '8', '10', 'R3'), 'pending'],
      [5, cells('web-02', '10.0.0.3', '8', '20', 'R1'), 'pending'],
      [6, cells('db-\ufffd x', '10.0.1.2', '64', '200', 'R2'), 'rejected'],
    ]);
    const { data } = (await client.get('/data-imports')).body;
    expect(data).toMatchObject([{ grouping: body.grouping, reading: body.reading }]);
  });

  it('keeps the rows as they came with the record', async () => {
    const [first, , single] = await recordsOf(client, (await upload()).id);
    const { body } = await client.get(`/raw-import-records/${first!.id}`);
    expect(body.grouped_rows).toEqual([
      { row_number: 1, cells: cells('web-01', '10.0.0.1', '16', '50', 'R1') },
      { row_number: 3, cells: cells('WEB-01 ', '10.0.0.2', '16', '', '') },
    ]);
    expect((await client.get(`/raw-import-records/${single!.id}`)).body.grouped_rows).toBeNull();
  });

  it('gives assets the values that their rows agree on, and the first address', async () => {
    const { id } = await upload();
    const run = await runOver(id);
    expect(run).toMatchObject({
      status: 'completed',
      total_records: 4,
      created: 4,
      duplicates: 0,
      conflicts: 0,
    });
    const { data } = (await client.get('/unified-discovery/assets')).body;
    expect(data.find(({ name }: { name: string }) => name === 'db-01')).toMatchObject({
      ip_address: '10.0.1.1',
      memory_gb: 64,
      storage_gb: null,
      custom_attributes: { 'IP Address': '10.0.1.1; 10.0.1.3', 'Disk (GB)': '100; 200' },
    });
  });

  it('is another import than one of the same bytes that groups otherwise', async () => {
    const { id } = await upload();
    const again = await client.upload('a.csv', INVENTORY, BY_HOST);
    expect([again.status, again.body.id, again.body.duplicate]).toEqual([200, id, true]);
    const single = await upload(INVENTORY, '');
    expect(single).toMatchObject({ total_records: 7, grouping: null, reading: {} });
    const byRack = await upload(INVENTORY, '?group_by=Rack');
    expect(byRack.grouping).toEqual({ by: 'Rack', rows: 4, groups: 2 });
    expect((await client.upload('a.csv', INVENTORY, '')).body.id).toBe(single.id);
  });

  it.each([
    ['hostname', 'The file has no column "hostname". Did you mean "Hostname"?'],
    ['IP', 'The file has no column "IP". Did you mean "IP Address"?'],
    [
      'Blubb',
      'The file has no column "Blubb". It has "Hostname", "IP Address", "RAM (GB)", "Disk (GB)", "Rack".',
    ],
  ])('refuses ?group_by=%s, which is no column, and names those that are', async (name, message) => {
    const answer = await client.upload('a.csv', INVENTORY, `?group_by=${name}`);
    expectProblem(answer, 400);
    expect(answer.body.errors).toEqual([{ field: 'group_by', message }]);
  });

  it('refuses an empty and a doubled group_by', async () => {
    for (const query of ['?group_by=', '?group_by=a&group_by=b'])
      expectProblem(await client.upload('a.csv', INVENTORY, query), 400);
  });

  it('refuses to make one record of a whole file, and stores nothing', async () => {
    const rows = Array.from({ length: 9000 }, (_, i) => `web-${i},prod,${'x'.repeat(1000)}\n`);
    const answer = await client.upload('a.csv', `Hostname,Env,Note\n${rows.join('')}`, '?group_by=Env');
    expectProblem(answer, 422);
    expect(answer.body.detail).toMatch(
      /^The rows with "prod" in the column "Env" are more than 8 MB: too much for one record\. Group by a column that/,
    );
    const { data } = (await client.get('/data-imports')).body;
    expect(data).toMatchObject([{ status: 'failed', total_records: 0, error_message: answer.body.detail }]);
  });

  it('reads JSON, whose columns are known from its records, and sheets of a workbook', async () => {
    const json = '[{"vm":"a","tag":"x"},{"vm":"b"},{"vm":"a","tag":"y","note":"n"}]';
    const { id, grouping } = await upload(json, '?group_by=vm', 'a.json');
    expect(grouping).toEqual({ by: 'vm', rows: 2, groups: 1 });
    expect(await cellsOf(id)).toEqual([
      [1, 'a', 'x; y', 'n'],
      [2, 'b'],
    ]);
    const book = new ExcelJS.Workbook();
    book.addWorksheet('vInfo').addRows([
      ['VM', 'CPUs'],
      ['vm-1', 4],
    ]);
    book.addWorksheet('vDisk').addRows([
      ['VM', 'Disk'],
      ['vm-1', 'Hard disk 1'],
      ['vm-1', 'Hard disk 2'],
    ]);
    const bytes = Buffer.from(await book.xlsx.writeBuffer());
    const disks = await upload(bytes, '?sheet=vDisk&group_by=VM', 'a.xlsx');
    expect(await cellsOf(disks.id)).toEqual([[1, 'vm-1', 'Hard disk 1; Hard disk 2']]);
  });

  it('joins the sheets of a workbook to the same assets, where the key is mapped to hostname in each', async () => {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('vInfo').addRows([
      ['VM', 'CPUs'],
      ['vm-1', 4],
      ['vm-2', 2],
    ]);
    book.addWorksheet('vDisk').addRows([
      ['VM', 'Path'],
      ['vm-1', 'a.vmdk'],
      ['VM-1', 'b.vmdk'],
      ['vm-2', 'c.vmdk'],
    ]);
    const bytes = Buffer.from(await book.xlsx.writeBuffer());
    for (const [query, more] of [
      ['?sheet=vInfo', { CPUs: 'cpu_cores' }],
      ['?sheet=vDisk&group_by=VM', {}],
    ] as const) {
      const { id: data_import_id } = await upload(bytes, query, 'a.xlsx');
      const field_mappings = { VM: 'hostname', ...more };
      const flow = await client.post('/discovery-flows', { flow_name: 'x', data_import_id, field_mappings });
      await runToEnd(client, flow.body.flow_id, { conflict_policy: 'merge' });
    }
    const { data } = (await client.get('/unified-discovery/assets')).body;
    expect(data).toHaveLength(2);
    expect(data[0]).toMatchObject({
      name: 'vm-1',
      asset_type: 'server',
      cpu_cores: 4,
      custom_attributes: { Path: 'a.vmdk; b.vmdk' },
    });
  });

  it('is corrected row by row: a mended reject comes in alone, and the file of rejects is not grouped', async () => {
    const { id } = await upload();
    const rejects = await client.get(`/data-imports/${String(id)}/rejects`, { accept: 'text/csv' });
    expect(rejects.text.trim().split('\r\n')).toHaveLength(2);
    const mended = rejects.text.replace('db-\ufffd x', 'db-02');
    const refused = await client.upload('rejects.csv', mended, BY_HOST);
    expectProblem(refused, 400);
    expect(refused.body.errors).toEqual([
      {
        field: 'group_by',
        message: 'leave it out: the file brings corrections, each of which replaces one rejected row',
      },
    ]);
    const corrections = await upload(mended, '');
    expect(corrections).toMatchObject({ corrects_import_id: id, total_records: 1, grouping: null });
    const reject = (await client.get(`/data-imports/${String(id)}/rejects`)).body.data[0];
    const [record] = await recordsOf(client, corrections.id);
    expect(reject).toMatchObject({ row_number: 6, corrected_by: record!.id });
    expect((await runOver(corrections.id)).created).toBe(1);
  });
});

function cells(...values: string[]): Record<string, string> {
  return Object.fromEntries(HEADER.split(',').map((name, i) => [name, values[i] ?? '']));
}
