import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import type { ApiClient } from '../support/api-client';
import { serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

const CSV = 'Hostname,IP Address,Rack\nweb-01,10.0.0.1,R1\nweb-02,10.0.0.2,R2\n';

async function workbook(): Promise<Buffer<ArrayBuffer>> {
  const book = new ExcelJS.Workbook();
  book.addWorksheet('Notes').addRows([
    ['about', 'this'],
    ['x', 'y'],
  ]);
  book.addWorksheet('vInfo').addRows([
    ['Hostname', 'IP Address', 'CPU Cores'],
    ['vm-1', '10.1.0.1', 4],
  ]);
  book.addWorksheet('Disks').addRows([
    ['Serial Number', 'x'],
    ['d-1', 'y'],
    ['d-2', 'z'],
  ]);
  return Buffer.from(await book.xlsx.writeBuffer());
}

describe('imports', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  const raw = (type: string | null, query: string, body: string | Uint8Array<ArrayBuffer>) =>
    client.send('POST', `/data-imports${query}`, body, type === null ? {} : { 'content-type': type });
  const importRows = async () => (await client.get('/data-imports')).body.data as Record<string, unknown>[];

  it('answers 201 with the whole import and its Location', async () => {
    const { status, headers, body } = await client.upload('inventory.csv', CSV);
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/data-imports/${String(body.id)}`);
    expect(body).toMatchObject({
      ...client.tenant,
      filename: 'inventory.csv',
      format: 'csv',
      encoding: 'utf-8',
      delimiter: ',',
      checksum_sha256: createHash('sha256').update(CSV).digest('hex'),
      size_bytes: CSV.length,
      status: 'processed',
      columns: ['Hostname', 'IP Address', 'Rack'],
      total_records: 2,
      valid_records: 2,
      rejected_records: 0,
      empty_rows_skipped: 0,
      duplicate: false,
    });
    const suggested = body.suggested_field_mappings as Record<string, unknown>[];
    expect(suggested.map(({ source_field, target_field }) => [source_field, target_field])).toEqual(
      expect.arrayContaining([
        ['Hostname', 'hostname'],
        ['IP Address', 'ip_address'],
      ]),
    );
    expect(new Set(suggested.map(({ source_field }) => source_field)).size).toBe(suggested.length);
    for (const { confidence_score, match_type } of suggested) {
      expect(typeof match_type).toBe('string');
      expect(Number(confidence_score)).toBeGreaterThan(0);
      expect(Number(confidence_score)).toBeLessThanOrEqual(1);
    }
    const { duplicate, ...found } = body;
    expect(duplicate).toBe(false);
    expect((await client.get(`/data-imports/${String(body.id)}`)).body).toEqual(found);
  });

  it.each([
    ['text/csv', 'a.csv', CSV, 'csv'],
    ['text/csv; charset=utf-8', 'a.csv', CSV, 'csv'],
    ['text/tab-separated-values', 'a.tsv', CSV.replaceAll(',', '\t'), 'tsv'],
    ['text/plain', 'a.csv', CSV.replaceAll(',', ';'), 'csv'],
    ['application/json', 'a.json', '[{"hostname":"a"},{"hostname":"b"}]', 'json'],
    [
      'application/json',
      'envelope.json',
      '{"count":2,"next":null,"results":[{"hostname":"a"},{"hostname":"b"}]}',
      'json',
    ],
    ['application/x-ndjson', 'a.ndjson', '{"hostname":"a"}\n{"hostname":"b"}\n', 'ndjson'],
    ['application/gzip', 'a.csv.gz', gzipSync(CSV), 'csv'],
    ['application/json', 'a.json.gz', gzipSync('[{"hostname":"a"},{"hostname":"b"}]'), 'json'],
    ['application/octet-stream', 'a.csv', CSV, 'csv'],
    ['application/x-www-form-urlencoded', 'a.csv', CSV, 'csv'],
    [null, 'a.csv', new TextEncoder().encode(CSV), 'csv'],
  ] as [string | null, string, string | Buffer<ArrayBuffer>, string][])(
    'takes a raw body of %s named %s',
    async (type, name, body, format) => {
      const answer = await raw(type, `?filename=${name}`, body);
      expect(answer.body).toMatchObject({ filename: name, format, total_records: 2, valid_records: 2 });
      expect(answer.status).toBe(201);
      const records = await client.get(`/raw-import-records?data_import_id=${String(answer.body.id)}`);
      expect(records.body.data.map((row: { row_number: number }) => row.row_number)).toEqual([1, 2]);
    },
  );

  it('takes an object of JSON that is no envelope as one record, and flattens what is nested', async () => {
    const { body } = await raw(
      'application/json',
      '?filename=one.json',
      '{"host":{"name":"a","tags":["x","y"]},"cpu":4}',
    );
    expect(body).toMatchObject({ total_records: 1, columns: expect.arrayContaining(['host.name', 'cpu']) });
    const [record] = (await client.get(`/raw-import-records?data_import_id=${String(body.id)}`)).body.data;
    expect(record.raw_data).toMatchObject({ 'host.name': 'a', cpu: '4' });
  });

  it('answers 200 with the first import for the same bytes, another only when forced', async () => {
    const first = (await client.upload('first.csv', CSV)).body;
    const again = await raw('text/csv', '?filename=second.csv', CSV);
    expect([again.status, again.body]).toEqual([200, { ...first, duplicate: true }]);
    const forced = await client.upload('third.csv', CSV, '?force=true');
    expect([forced.status, forced.body.duplicate]).toEqual([201, false]);
    expect(forced.body.id).not.toBe(first.id);
    expect((await client.upload('fourth.csv', CSV, '?force=false')).body.id).toBe(first.id);
    expect((await service.newClient().upload('first.csv', CSV)).status).toBe(201);
    expect(await importRows()).toHaveLength(2);
  });

  it('makes one import of the same bytes sent ten times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => client.upload('a.csv', serversCsv(50))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id as string)).size).toBe(1);
    expect((await client.get('/raw-import-records')).body.pagination.total).toBe(50);
  });

  it('lets a failed import block nothing: the same bytes are read anew', async () => {
    const bytes = '[{"hostname": "a"},';
    const first = await client.upload('a.json', bytes);
    expectProblem(first, 422);
    expectProblem(await client.upload('a.json', bytes), 422);
    const failed = await importRows();
    expect(failed).toHaveLength(2);
    for (const row of failed)
      expect(row).toMatchObject({ status: 'failed', total_records: 0, valid_records: 0 });
    // As after a mended reader: the failed one of the same bytes is not the first.
    await service.sql.query(
      `UPDATE migration.data_imports SET checksum_sha256 = $2 WHERE client_account_id = $1`,
      [client.tenant.client_account_id, createHash('sha256').update(CSV).digest('hex')],
    );
    expect(await client.upload('a.csv', CSV)).toMatchObject({
      status: 201,
      body: { duplicate: false, valid_records: 2 },
    });
  });

  describe('rejects', () => {
    const BAD =
      'Hostname,Note,message\nweb-01,fine,m\nweb-\0,"=HYPERLINK(""http://x"")",+1\nweb-03,,\n"db,""4\0",@x,-2\n\n,,\n';

    it('counts every row, keeps the bad ones with their number and reason, and skips the empty', async () => {
      const { body } = await client.upload('bad.csv', BAD);
      expect(body).toMatchObject({
        total_records: 4,
        valid_records: 2,
        rejected_records: 2,
        processed_records: 2,
      });
      const rejects = (await client.get(`/data-imports/${String(body.id)}/rejects`)).body;
      expect(rejects.pagination.total).toBe(2);
      expect(rejects.data).toMatchObject([
        {
          row_number: 2,
          column: 'Hostname',
          value: expect.stringContaining('web-'),
          error_code: 'nul_byte',
          message: expect.stringMatching(/NUL/),
        },
        { row_number: 4, column: 'Hostname', error_code: 'nul_byte' },
      ]);
      const filtered = await client.get(
        `/raw-import-records?data_import_id=${String(body.id)}&is_valid=false&is_processed=true`,
      );
      expect(filtered.body.data).toMatchObject([
        { row_number: 2, fate: 'rejected', is_processed: true, is_valid: false },
        { row_number: 4, fate: 'rejected', is_processed: true, is_valid: false },
      ]);
      const page = await client.get(`/data-imports/${String(body.id)}/rejects?page=2&page_size=1`);
      expect(page.body.data).toMatchObject([{ row_number: 4 }]);
      expect(page.body.pagination).toEqual({ page: 2, page_size: 1, total: 2, total_pages: 2 });
    });

    it('come as CSV with the original columns and the reasons, formulas escaped, ready to be mended', async () => {
      const { body } = await client.upload('bad.csv', BAD);
      const csv = await client.get(`/data-imports/${String(body.id)}/rejects`, { accept: 'text/csv' });
      expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
      const lines = csv.text.replace('\ufeff', '').trimEnd().split('\r\n');
      expect(lines[0]).toBe('Hostname,Note,message,row_number,column,value,error_code,message (reject)');
      expect(lines).toHaveLength(3);
      expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"")",'+1,2,Hostname`);
      expect(lines[2]).toMatch(/^"db,""4.*",'@x,'-2,4,Hostname,/);
      const mended = await client.upload('mended.csv', csv.text.replaceAll('\ufffd', 'x'));
      expect(mended.body).toMatchObject({ total_records: 2, valid_records: 2 });
    });

    it('are an empty list, and a CSV of its header alone, where all is well', async () => {
      const { body } = await client.upload('good.csv', CSV);
      expect((await client.get(`/data-imports/${String(body.id)}/rejects`)).body.data).toEqual([]);
      const csv = await client.get(`/data-imports/${String(body.id)}/rejects`, { accept: 'text/csv' });
      expect(csv.text.trimEnd().split('\r\n')).toHaveLength(1);
    });
  });

  describe('sheets', () => {
    it('reads the sheet with the most inventory headers, or the one that is named, and names them all', async () => {
      const book = await workbook();
      const chosen = await client.upload('book.xlsx', book);
      expect(chosen.body).toMatchObject({
        format: 'xlsx',
        sheet: 'vInfo',
        sheets: ['Notes', 'vInfo', 'Disks'],
        total_records: 1,
      });
      const named = await client.upload('book.xlsx', book, '?sheet=Disks&force=true');
      expect([named.status, named.body.sheet, named.body.total_records]).toEqual([201, 'Disks', 2]);
    });

    it('refuses a sheet that is not there, and one of a file without sheets, by name', async () => {
      const missing = await client.upload('book.xlsx', await workbook(), '?sheet=Nope');
      expectProblem(missing, 400, ['sheet']);
      expectProblem(await client.upload('a.csv', CSV, '?sheet=vInfo'), 400, ['sheet']);
    });
  });

  it('pages through imports and records, each exactly once', async () => {
    for (let i = 0; i < 5; i++) await client.upload('a.csv', CSV, '?force=true');
    for (const list of ['/data-imports', '/raw-import-records']) {
      const total = list === '/data-imports' ? 5 : 10;
      const seen: string[] = [];
      for (let page = 1; page <= Math.ceil(total / 3); page++) {
        const { body } = await client.get(`${list}?page=${page}&page_size=3`);
        expect(body.pagination).toEqual({ page, page_size: 3, total, total_pages: Math.ceil(total / 3) });
        expect(body.metadata).toEqual({ max_page_size: 200, page_size_capped: false });
        seen.push(...body.data.map(({ id }: { id: string }) => id));
      }
      expect(new Set(seen).size).toBe(total);
      expect((await client.get(`${list}?page=99`)).body).toMatchObject({
        data: [],
        pagination: { page: 99, total },
      });
      for (const size of ['0', '201', '-1', '1.5', 'x', '']) {
        expectProblem(await client.get(`${list}?page_size=${size}`), 400, ['page_size']);
      }
      expectProblem(await client.get(`${list}?page=0`), 400, ['page']);
    }
  });
});
