import type { ApiClient } from '../support/api-client';
import { expectProblem } from '../support/problem';
import { recordsOf } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';

const REPORT =
  'Server inventory\nMay 2026\n\nHostname;IP Address\nweb-1;10.0.0.1\nweb-2;10.0.0.2\nRow count: 2\n';

describe('how a file was read', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  it('is in the answer, and again whenever the import is read', async () => {
    const { body } = await client.upload('report.csv', REPORT);
    const detected = {
      source: 'generic',
      encoding: 'utf-8',
      delimiter: ';',
      line_ends: 'lf',
      sheet: null,
      header_row: 4,
      preamble_rows: 2,
      footer_rows: 1,
      repeated_headers: 0,
      empty_columns: 0,
      skipped_lines: [
        { line: 1, why: 'preamble', text: 'Server inventory' },
        { line: 2, why: 'preamble', text: 'May 2026' },
        { line: 7, why: 'footer', text: 'Row count: 2' },
      ],
    };
    expect(body).toMatchObject({
      total_records: 2,
      columns: ['Hostname', 'IP Address'],
      detected,
      reading: {},
    });
    expect((await client.get(`/data-imports/${String(body.id)}`)).body).toMatchObject({
      detected,
      reading: {},
    });
    expect((await client.get('/data-imports')).body.data).toMatchObject([{ detected }]);
  });

  it('can be said by the request, and another way to read the same bytes is another import', async () => {
    const first = await client.upload('report.csv', REPORT);
    const kept = await client.upload('report.csv', REPORT, '?footer=keep');
    expect(kept).toMatchObject({ status: 201, body: { total_records: 3, reading: { footer: 'keep' } } });
    const lower = await client.upload('report.csv', REPORT, '?header=5&delimiter=semicolon');
    expect(lower).toMatchObject({
      status: 201,
      body: { columns: ['web-1', '10.0.0.1'], reading: { header: '5', delimiter: 'semicolon' } },
    });
    const none = await client.upload('report.csv', 'web-1;10.0.0.1\nweb-2;10.0.0.2\n', '?header=none');
    expect(none.body).toMatchObject({ columns: ['column_1', 'column_2'], total_records: 2 });
    expect((await recordsOf(client, none.body.id))[0]?.raw_data).toEqual({
      column_1: 'web-1',
      column_2: '10.0.0.1',
    });
    const again = await client.upload('report.csv', REPORT, '?footer=keep');
    expect(again).toMatchObject({ status: 200, body: { id: kept.body.id, duplicate: true } });
    expect((await client.upload('report.csv', REPORT)).body).toMatchObject({
      id: first.body.id,
      duplicate: true,
    });
    // What one tenant has read says nothing to another.
    expect((await service.newClient().upload('report.csv', REPORT)).status).toBe(201);
  });

  it.each([
    ['a NUL in a title', 'Server\0inventory\n\nHostname;RAM (GB);Rack\nweb-1;8;R1\nweb-2;8;R2\n'],
    ['a NUL in a line for Excel', 'sep=\0\nHostname;RAM (GB)\nweb-1;8\n'],
    ['a pair where a type line is cut off', `#TYPE ${'x'.repeat(193)}😀\nHostname;RAM (GB)\nweb-1;8\n`],
  ])('keeps %s that is no record', async (_, text) => {
    expect((await client.upload('report.csv', text)).status).toBe(201);
  });

  it('by an encoding that bytes alone do not tell', async () => {
    const bytes = Buffer.from('Hostname;Stadt\nweb-1;P\xf8\xedbram\n', 'latin1');
    const { body } = await client.upload('a.csv', Uint8Array.from(bytes), '?encoding=windows-1250');
    expect(body).toMatchObject({ encoding: 'windows-1250', detected: { encoding: 'windows-1250' } });
    expect((await recordsOf(client, body.id))[0]?.raw_data.Stadt).toBe('Příbram');
  });

  it.each([
    ['header', 'header=0'],
    ['header', 'header=first'],
    ['header', 'header=99'],
    ['delimiter', 'delimiter=%22'],
    ['delimiter', 'delimiter=--'],
    ['delimiter', 'delimiter=%00'],
    ['encoding', 'encoding=klingon'],
    ['encoding', 'encoding=constructor'],
    ['encoding', 'encoding=__proto__'],
    ['footer', 'footer=drop'],
    ['sheet', 'sheet=vInfo'],
  ])('refuses a %s that is none: %s', async (field, query) => {
    const answer = await client.upload('report.csv', REPORT, `?${query}`);
    expectProblem(answer, 400);
    expect(answer.body.errors).toMatchObject([{ field }]);
    expect((await client.get('/raw-import-records')).body.pagination.total).toBe(0);
  });

  it('shows lines that are no records as far as they can be stored', async () => {
    const { status, body } = await client.upload(
      'a.csv',
      `#TYPE a\0b\n${'-'.repeat(199)}😀\nHostname,IP,OS\nweb-1,10.0.0.1,Linux\nCopyright \0,,\n`,
    );
    expect([status, body.total_records]).toEqual([201, 1]);
    expect(body.detected.skipped_lines).toEqual([
      { line: 1, why: 'preamble', text: '#TYPE a\ufffdb' },
      { line: 2, why: 'preamble', text: '-'.repeat(199) },
      { line: 5, why: 'footer', text: 'Copyright \ufffd' },
    ]);
    const lone = Buffer.from('\ufeffMay \udc00 2026\n\nHostname,IP\nweb-1,10.0.0.1\n', 'utf16le');
    expect((await client.upload('b.csv', Uint8Array.from(lone))).body).toMatchObject({
      total_records: 1,
      detected: { skipped_lines: [{ text: 'May \ufffd 2026' }] },
    });
    // No line for Excel, since nothing can be delimited by it.
    expect((await client.upload('c.csv', 'sep=\0\nHostname,IP\nweb-1,10.0.0.1\n')).body).toMatchObject({
      total_records: 1,
      delimiter: ',',
    });
    expect((await client.upload('d.ndjson', '{"a":1}\n\0\n')).body).toMatchObject({ rejected_records: 1 });
    const damaged = await client.upload('e.json', '[{"name":\0}]');
    expect([damaged.status, (await client.get('/data-imports')).body.data[0]]).toMatchObject([
      422,
      { status: 'failed', filename: 'e.json' },
    ]);
  });

  it('refuses to say of JSON what only a table has', async () => {
    const answer = await client.upload('a.json', '[{"a": 1}]', '?header=2&delimiter=tab');
    expectProblem(answer, 400);
    expect(answer.body.errors).toEqual([
      { field: 'header', message: 'JSON has no line of column names.' },
      { field: 'delimiter', message: 'Only delimited text, such as CSV, has a delimiter.' },
    ]);
  });
});
