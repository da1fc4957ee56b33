import { parse } from 'csv-parse/sync';
import type { ApiClient } from '../support/api-client';
import { importAndFlow, recordsOf, runToEnd } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

/** Text of one byte a character: Windows-1252 and MacRoman differ in what the bytes from 0x80 mean. */
const bytes = (text: string) => Buffer.from(text, 'latin1');
const GERMAN = 'Hostname;Standort;Notiz\r\nsrv-1;Köln;Größe: 5 €\r\nsrv-2;Zürich;„so“ – café\r\n';
const ROWS = [
  { Hostname: 'srv-1', Standort: 'Köln', Notiz: 'Größe: 5 €' },
  { Hostname: 'srv-2', Standort: 'Zürich', Notiz: '„so“ – café' },
];
const NAMED = 'Hostname;IP Address;Notiz\r\nsrv-1;10.0.0.1;x\r\n';
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('odd files', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  const imported = async (content: string | Buffer, filename = 'a.csv') => {
    const { status, body } = await client.upload(filename, Uint8Array.from(Buffer.from(content)));
    expect({ status, body }).toMatchObject({ status: 201 });
    const records = await recordsOf(client, body.id as string);
    return { body, records, cells: records.map(({ raw_data }) => raw_data) };
  };
  const refused = async (content: string, message: RegExp, filename = 'a.csv') => {
    const answer = await client.upload(filename, content);
    expectProblem(answer, 422);
    expect(answer.body.detail).toMatch(message);
    expect((await client.get('/raw-import-records')).body.pagination.total).toBe(0);
  };

  it.each([
    ['an unclosed quote', 'a,b\n1,"2\n3,4\n5,6\n', /line 2 is never closed/],
    ['10,000 columns', `${'a,'.repeat(9999)}a\n`, /Line 1 has 10000 columns/],
    ['10,000 columns in a row', `a,b\n1,2\n${'x,'.repeat(9999)}x\n`, /Line 3 has 10000 columns/],
  ])('17: %s is refused with its line', async (_, content, message) => {
    await refused(content, message);
  });

  describe('18: is decoded as it was written', () => {
    it.each([
      ['UTF-8', Buffer.from(GERMAN), 'utf-8'],
      ['UTF-8 with a mark', Buffer.from(`\ufeff${GERMAN}`), 'utf-8-bom'],
      ['UTF-16LE with a mark', utf16(`\ufeff${GERMAN}`), 'utf-16le'],
      ['UTF-16BE with a mark', utf16(`\ufeff${GERMAN}`).swap16(), 'utf-16be'],
      ['UTF-16LE without one', utf16(GERMAN), 'utf-16le'],
      ['UTF-16BE without one', utf16(GERMAN).swap16(), 'utf-16be'],
      [
        'Windows-1252',
        bytes(
          'Hostname;Standort;Notiz\r\nsrv-1;K\xf6ln;Gr\xf6\xdfe: 5 \x80\r\nsrv-2;Z\xfcrich;\x84so\x93 \x96 caf\xe9\r\n',
        ),
        'windows-1252',
      ],
      [
        'MacRoman with CR',
        bytes(
          'Hostname;Standort;Notiz\rsrv-1;K\x9aln;Gr\x9a\xa7e: 5 \xdb\rsrv-2;Z\x9frich;\xe3so\xd2 \xd0 caf\x8e\r',
        ),
        'macintosh',
      ],
      ['CR line ends', Buffer.from(GERMAN.replaceAll('\r\n', '\r')), 'utf-8'],
      ['a sep line', Buffer.from(`sep=;\r\n${GERMAN}`), 'utf-8'],
      ['a type line', Buffer.from(`#TYPE Selected.System\r\n${GERMAN}`), 'utf-8'],
      ['blank lines above and below', Buffer.from(`\r\n;;\r\n${GERMAN}\r\n;;\r\n`), 'utf-8'],
    ])('%s', async (_, content, encoding) => {
      const { body, cells } = await imported(content);
      expect(body).toMatchObject({ encoding, delimiter: ';', total_records: 2, rejected_records: 0 });
      expect(cells).toEqual(ROWS);
    });
  });

  it.each([
    ['a title above the table', `Report of May;;\r\nby: CMDB;;\r\n\r\n${NAMED}`, 4, 2],
    ['a title of one cell', `Report of May\r\n\r\n${NAMED}`, 3, 1],
  ])('18: %s is read and reported', async (_, content, header_row, preamble_rows) => {
    const { body, cells } = await imported(content);
    expect(body.detected).toMatchObject({ header_row, preamble_rows, footer_rows: 0 });
    expect(cells).toEqual([{ Hostname: 'srv-1', 'IP Address': '10.0.0.1', Notiz: 'x' }]);
  });

  it('19: no line of column names is refused with what helps', async () => {
    await refused('web-1,10.0.0.1\nweb-2,10.0.0.2\n', /Line 1 holds data .*\?header=none/);
  });

  it('18: a footer is no record, and reported', async () => {
    const { body } = await imported(`${NAMED}Total: 1;;\r\n`);
    expect(body).toMatchObject({ total_records: 1, valid_records: 1 });
    expect(body.detected).toMatchObject({
      footer_rows: 1,
      skipped_lines: [{ line: 3, why: 'footer', text: 'Total: 1' }],
    });
  });

  it('19: doubled and blank headers are kept apart, ragged and empty rows are reported, none is dropped', async () => {
    const { body, records } = await imported(
      'Hostname,Tag,Tag,,Rack,,\n' +
        'web-1,a,b,loose,R1,,\n' +
        'web-2\n' +
        ',,,,,,\n' +
        '\n' +
        'web-3,a,b,c,R3,,,,too,many\n' +
        'web-4,a,b,,R4,,\n',
    );
    expect(body).toMatchObject({
      columns: ['Hostname', 'Tag', 'Tag (2)', 'column_4', 'Rack', 'column_9', 'column_10'],
      total_records: 4,
      valid_records: 3,
      rejected_records: 1,
      empty_rows_skipped: 2,
    });
    expect(records.map(({ raw_data, fate }) => [fate, raw_data])).toEqual([
      ['pending', { Hostname: 'web-1', Tag: 'a', 'Tag (2)': 'b', column_4: 'loose', Rack: 'R1' }],
      ['pending', { Hostname: 'web-2' }],
      [
        'rejected',
        {
          Hostname: 'web-3',
          Tag: 'a',
          'Tag (2)': 'b',
          column_4: 'c',
          Rack: 'R3',
          column_9: 'too',
          column_10: 'many',
        },
      ],
      ['pending', { Hostname: 'web-4', Tag: 'a', 'Tag (2)': 'b', column_4: '', Rack: 'R4' }],
    ]);
    const rejects = (await client.get(`/data-imports/${String(body.id)}/rejects`)).body.data;
    expect(rejects).toMatchObject([
      { row_number: 3, error_code: 'too_many_cells', message: 'Line 6 has 10 cells under 7 headers.' },
    ]);
  });

  it('19: a header alone is an import without records', async () => {
    const { body } = await imported('Hostname,Rack\n');
    expect(body).toMatchObject({ total_records: 0, columns: ['Hostname', 'Rack'] });
  });

  it('20: NUL bytes, lone surrogates and broken UTF-8 cost their rows alone, each with its number', async () => {
    const broken = Buffer.concat([
      Buffer.from('Hostname,Ort\nsrv-1,Köln\nsrv-\0,x\nsrv-3,Zürich\nsrv-4,'),
      Buffer.from([0xfc, 0x0a]),
      Buffer.from('srv-5,Genève\n'),
    ]);
    const { body, records } = await imported(broken);
    expect(body).toMatchObject({ total_records: 5, valid_records: 3, rejected_records: 2 });
    expect(records.map(({ row_number, fate }) => [row_number, fate])).toEqual([
      [1, 'pending'],
      [2, 'rejected'],
      [3, 'pending'],
      [4, 'rejected'],
      [5, 'pending'],
    ]);
    const rejects = (await client.get(`/data-imports/${String(body.id)}/rejects`)).body.data;
    expect(rejects).toMatchObject([
      {
        row_number: 2,
        column: 'Hostname',
        error_code: 'nul_byte',
        message: expect.stringContaining('line 3'),
      },
      {
        row_number: 4,
        column: 'Ort',
        error_code: 'invalid_utf8',
        message: expect.stringContaining('line 5'),
      },
    ]);
    for (const [name, content] of [
      ['a.csv', utf16('\ufeffHostname\nsrv-1\nsrv-\ud800\nsrv-3\n')],
      ['a.json', '[{"Hostname":"srv-1"},{"Hostname":"srv-\\ud800"},{"Hostname":"srv-3"}]'],
    ] as const) {
      const { records: rows } = await imported(content, name);
      expect(rows.map(({ fate }) => fate)).toEqual(['pending', 'rejected', 'pending']);
    }
  });

  it('21: identifiers keep every digit on the way into the asset, quantities are read with their unit or kept', async () => {
    const csv =
      'Hostname;Serial Number;RAM (GB);Disk (GB);CPU Cores;Asset Tag\n' +
      'srv-1;007;61.2 GiB;1,200;4;12345678901234567890\n' +
      'srv-2;00123456789012345678901;4 GB;9.13E+11;0,29;1e400\n' +
      'srv-3;1.10;lots;EBS only;eight;-0\n';
    const { flowId, importId } = await importAndFlow(client, csv);
    await runToEnd(client, flowId);
    const records = await recordsOf(client, importId);
    const cells = records.flatMap(({ raw_data }) =>
      ['Hostname', 'Serial Number', 'RAM (GB)', 'Disk (GB)', 'CPU Cores', 'Asset Tag'].map(
        (name) => raw_data[name],
      ),
    );
    expect(cells).toEqual(csv.trim().split('\n').slice(1).join(';').split(';'));
    const assets = (await client.get('/unified-discovery/assets')).body.data as Record<string, unknown>[];
    expect(assets.sort((a, b) => String(a.name).localeCompare(String(b.name)))).toMatchObject([
      {
        serial_number: '007',
        memory_gb: 61.2,
        storage_gb: 1200,
        cpu_cores: 4,
        custom_attributes: {
          'Asset Tag': '12345678901234567890',
          'RAM (GB)': '61.2 GiB',
          'Disk (GB)': '1,200',
        },
      },
      {
        serial_number: '00123456789012345678901',
        memory_gb: 4,
        storage_gb: 9.13e11,
        cpu_cores: 0.29,
        custom_attributes: { 'Asset Tag': '1e400', 'Disk (GB)': '9.13E+11', 'CPU Cores': '0,29' },
      },
      {
        serial_number: '1.10',
        memory_gb: null,
        storage_gb: null,
        cpu_cores: null,
        custom_attributes: {
          'Asset Tag': '-0',
          'RAM (GB)': 'lots',
          'Disk (GB)': 'EBS only',
          'CPU Cores': 'eight',
        },
      },
    ]);
  });

  it.each([
    ['200,000 lists', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, /deeper than 64 levels/],
    ['200,000 objects', `[${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}]`, /deeper than 64 levels/],
  ])('22: JSON of %s within each other is refused', async (_, content, message) => {
    await refused(content, message, 'a.json');
  });

  it.each([
    ['a.json', '[{"Hostname":"a"},{"__proto__":{"x":1},"Hostname":"b"},{"Hostname":"c","Hostname":"d"}]'],
    ['a.ndjson', '{"Hostname":"a"}\n{"__proto__":{"x":1},"Hostname":"b"}\n{"Hostname":"c","Hostname":"d"}\n'],
  ])('22: in %s, keys that reach for a prototype or come twice cost their record', async (name, content) => {
    const { body, records } = await imported(content, name);
    expect(records.map(({ fate }) => fate)).toEqual(['pending', 'rejected', 'rejected']);
    const rejects = (await client.get(`/data-imports/${String(body.id)}/rejects`)).body.data;
    expect(rejects).toMatchObject([
      { row_number: 2, error_code: 'forbidden_key' },
      { row_number: 3, error_code: 'duplicate_key' },
    ]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('26: formulas are kept as they are, in the record and in the asset, and escaped in the CSV of rejects', async () => {
    const formulas = [`=cmd|' /C calc'!A0`, '+1+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1'];
    const quoted = formulas.map((formula) => `"${formula}"`).join(',');
    const header = 'Hostname,Note 1,Note 2,Note 3,Note 4,Note 5,Note 6';
    const { flowId, importId } = await importAndFlow(client, `${header}\nsrv-1,${quoted}\nnul\0,${quoted}\n`);
    const records = await recordsOf(client, importId);
    const kept = Object.fromEntries(formulas.map((formula, i) => [`Note ${i + 1}`, formula]));
    expect(records.map(({ raw_data }) => raw_data)).toEqual([
      { Hostname: 'srv-1', ...kept },
      { Hostname: 'nul\ufffd', ...kept },
    ]);
    await runToEnd(client, flowId);
    const [asset] = (await client.get('/unified-discovery/assets')).body.data;
    expect(asset).toMatchObject({ hostname: 'srv-1', custom_attributes: kept });
    const csv = await client.get(`/data-imports/${importId}/rejects`, { accept: 'text/csv' });
    const [, row] = parse(csv.text, { bom: true });
    expect(row?.slice(1, 7)).toEqual(formulas.map((formula) => `'${formula}`));
  });
});
