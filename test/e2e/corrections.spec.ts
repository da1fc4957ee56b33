import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { Workbook } from 'exceljs';
import { ApiClient } from '../support/api-client';
import { importAndFlow, recordsOf as rowsOf, type RecordRow, runToEnd } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

const HEADER = ['Hostname', 'IP Address', 'Note', 'Rack'];
const REASONS = ['row_number', 'column', 'value', 'error_code', 'message'];
/** Rows 2 and 4 are refused while importing, 3 and 6 by a run. */
const INVENTORY = [
  HEADER.join(','),
  'web-01,10.0.0.1,fine,R1',
  `web-\0 2,10.0.0.2,"=cmd|'/c calc'!A1",@R2`,
  ",,'=no formula,R3",
  'web-04,10.0.0.4,-,R4,more,still more',
  'web-05,10.0.0.5,,R5',
  ',,"two\nlines",R6',
].join('\n');

interface Row extends RecordRow {
  corrected_by: string | null;
  [column: string]: unknown;
}
type Lines = string[][];

/** As a spreadsheet saves it: only what must be in quotes is. */
function save(lines: Lines, delimiter = ',', lineEnd = '\r\n'): string {
  const cell = (text: string) =>
    [delimiter, '"', '\r', '\n'].some((one) => text.includes(one)) ? `"${text.replaceAll('"', '""')}"` : text;
  return lines.map((line) => line.map(cell).join(delimiter) + lineEnd).join('');
}

describe('corrections', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService({ WIRING_HEALTH_CACHE_TTL_SECONDS: '0' });
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  const recordsOf = async (importId: string, by = client) => (await rowsOf(by, importId)) as Row[];
  const correctedRows = async (importId: string, by = client) =>
    (await recordsOf(importId, by)).filter((row) => row.corrected_by !== null).map((row) => row.row_number);

  async function importAndRun(csv = INVENTORY, by = client): Promise<string> {
    const { importId, flowId } = await importAndFlow(by, csv);
    await runToEnd(by, flowId);
    return importId;
  }
  async function flowAndRun(importId: string) {
    const flow = await client.post('/discovery-flows', { flow_name: 'again', data_import_id: importId });
    expect(flow.status).toBe(201);
    return (await runToEnd(client, flow.body.flow_id)).body;
  }
  async function download(importId: string, by = client): Promise<Lines> {
    const { text } = await by.get(`/data-imports/${importId}/rejects`, { accept: 'text/csv' });
    return parse(text, { bom: true });
  }
  /** What a person does to the rejects of INVENTORY: names where there are none, the NUL and the odd cells away. */
  function mend([header, ...rows]: Lines, prefix = 'web-0'): Lines {
    const number = header!.indexOf('row_number');
    return [
      header!,
      ...rows.map((cells) =>
        cells.map((cell, i) => {
          if (header![i] === 'Hostname') return `${prefix}${cells[number]!}`;
          return /^column_[56]$/.test(header![i]!) ? '' : cell;
        }),
      ),
    ];
  }
  /** The numbers of the originals that each row of an import has replaced, by the new row's number. */
  async function replacedBy(importId: string, correctedId: string) {
    const originals = await recordsOf(importId);
    const corrected = await recordsOf(correctedId);
    return corrected.map(({ id }) => originals.find((row) => row.corrected_by === id)?.row_number ?? null);
  }

  it('link each reject to the row that replaces it, and change nothing else of it', async () => {
    const importId = await importAndRun();
    const before = await recordsOf(importId);
    expect(before.map(({ fate }) => fate)).toEqual([
      'created',
      'rejected',
      'rejected',
      'rejected',
      'created',
      'rejected',
    ]);
    const file = await download(importId);
    expect(file[0]).toEqual([...HEADER, 'column_5', 'column_6', ...REASONS]);
    expect(file.slice(1).map((line) => line.slice(2, 4))).toEqual([
      ["'=cmd|'/c calc'!A1", "'@R2"],
      ["''=no formula", 'R3'],
      ["'-", 'R4'],
      ['two\nlines', 'R6'],
    ]);

    const { status, body } = await client.upload('mended.csv', save(mend(file)));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      corrects_import_id: importId,
      columns: [...HEADER, 'column_5', 'column_6'],
      total_records: 4,
      valid_records: 4,
    });
    const sources = body.suggested_field_mappings.map((one: { source_field: string }) => one.source_field);
    expect([...HEADER, 'column_5']).toEqual(expect.arrayContaining(sources));
    expect(sources).toEqual(expect.arrayContaining(['Hostname', 'IP Address']));
    expect((await client.get(`/data-imports/${body.id}`)).body.corrects_import_id).toBe(importId);

    expect((await flowAndRun(body.id)).created).toBe(4);
    const corrected = await recordsOf(body.id);
    expect(corrected.map(({ raw_data }) => raw_data)).toEqual([
      {
        Hostname: 'web-02',
        'IP Address': '10.0.0.2',
        Note: "=cmd|'/c calc'!A1",
        Rack: '@R2',
        column_5: '',
        column_6: '',
      },
      { Hostname: 'web-03', 'IP Address': '', Note: "'=no formula", Rack: 'R3', column_5: '', column_6: '' },
      { Hostname: 'web-04', 'IP Address': '10.0.0.4', Note: '-', Rack: 'R4', column_5: '', column_6: '' },
      { Hostname: 'web-06', 'IP Address': '', Note: 'two\nlines', Rack: 'R6', column_5: '', column_6: '' },
    ]);
    const after = await recordsOf(importId);
    const [, second, third, fourth, , sixth] = after;
    expect([second, third, fourth, sixth].map((row) => row!.corrected_by)).toEqual(
      corrected.map(({ id }) => id),
    );
    const unchanged = ({ corrected_by, updated_at, ...row }: Row) => ({
      ...row,
      known: [corrected_by, updated_at].length,
    });
    expect(after.map(unchanged)).toEqual(before.map(unchanged));

    const rejects = (await client.get(`/data-imports/${importId}/rejects`)).body;
    expect(rejects.data.map((row: Row) => row.corrected_by)).toEqual(corrected.map(({ id }) => id));
    expect(await download(importId)).toEqual(file);

    for (const { asset_id } of corrected) {
      const lineage = (await client.get(`/unified-discovery/assets/${asset_id!}/lineage`)).body;
      expect(lineage.data_import.id).toBe(body.id);
      for (const link of Object.values<{ holds: boolean }>(lineage.links)) expect(link.holds).toBe(true);
      expect(Object.keys(lineage.asset.custom_attributes as object)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/row_number|error_code|message|value|^column$/)]),
      );
    }
    const asset = (await client.get(`/unified-discovery/assets/${corrected[0]!.asset_id!}`)).body;
    expect(asset).toMatchObject({ description: "=cmd|'/c calc'!A1", custom_attributes: { Rack: '@R2' } });
    expect((await client.get('/health/wiring?refresh=true')).body.health_status).toBe('healthy');
  });

  async function xlsx(lines: Lines): Promise<Buffer<ArrayBuffer>> {
    const book = new Workbook();
    const number = lines[0]!.indexOf('row_number');
    const typed = lines.map((line, i) =>
      line.map((cell, at) => (i > 0 && at === number && cell !== '' ? Number(cell) : cell)),
    );
    book.addWorksheet('rejects').addRows(typed);
    return Buffer.from(await book.xlsx.writeBuffer());
  }
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

  it.each<[string, (lines: Lines) => string | Buffer<ArrayBuffer> | Promise<Buffer<ArrayBuffer>>]>([
    ['with semicolons and LF', (lines) => save(lines, ';', '\n')],
    ['as "Unicode text"', (lines) => utf16(save(lines, '\t'))],
    ['in Windows-1252', (lines) => Buffer.from(save(lines, ';'), 'latin1')],
    ['with a sep= line', (lines) => `sep=;\r\n${save(lines, ';')}`],
    ['as a workbook', xlsx],
    ['with empty columns behind', (lines) => save(lines.map((line) => [...line, '', '']))],
    ['without empty cells at the end', (lines) => save(lines).replaceAll(/,+(?=\r\n)/g, '')],
    ['with the rows in another order', ([header, ...rows]) => save([header!, ...rows.reverse()])],
  ])('are known %s', async (_, write) => {
    const importId = await importAndRun(INVENTORY.replace('Rack', 'Gestell Süd'));
    const file = mend(await download(importId));
    const { body } = await client.upload('mended', await write(file));
    expect(body).toMatchObject({
      corrects_import_id: importId,
      columns: ['Hostname', 'IP Address', 'Note', 'Gestell Süd', 'column_5', 'column_6'],
      valid_records: 4,
    });
    expect((await replacedBy(importId, body.id)).sort()).toEqual([2, 3, 4, 6]);
    const corrected = await recordsOf(body.id);
    expect(corrected.map(({ raw_data }) => raw_data.Note).sort()).toEqual(
      ["=cmd|'/c calc'!A1", "'=no formula", '-', 'two\nlines'].sort(),
    );
    for (const { raw_data } of corrected) {
      const [original] = (await recordsOf(importId)).filter((row) => row.raw_data.Note === raw_data.Note);
      expect(original!.raw_data['Gestell Süd']).toBe(raw_data['Gestell Süd']);
    }
  });

  it('may leave rows out, add some, empty some and name one twice: the first takes its place', async () => {
    const importId = await importAndRun();
    const [header, second, third, , sixth] = mend(await download(importId));
    const number = header!.indexOf('row_number');
    const added = header!.map((name) => (name === 'Hostname' ? 'new-01' : ''));
    const emptied = sixth!.map((cell, i) => (i < number ? ' ' : cell));
    const foreign = third!.map((cell, i) => (header![i] === 'Hostname' ? 'web-again' : cell));
    const { body } = await client.upload(
      'mended.csv',
      save([header!, added, emptied, third!, foreign, second!]),
    );
    expect(body).toMatchObject({
      corrects_import_id: importId,
      total_records: 4,
      valid_records: 4,
      empty_rows_skipped: 1,
    });
    expect(await replacedBy(importId, body.id)).toEqual([null, 3, null, 2]);
    expect(await flowAndRun(body.id)).toMatchObject({ total_records: 4, pending: 0 });
    expect(await correctedRows(importId)).toEqual([2, 3]);

    // The rest of the same file, later: what is corrected keeps its row.
    const before = await recordsOf(importId);
    const rest = await client.upload('rest.csv', save(mend(await download(importId))));
    expect(rest.body.corrects_import_id).toBe(importId);
    expect(await replacedBy(importId, rest.body.id)).toEqual([null, null, 4, 6]);
    const after = await recordsOf(importId);
    expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
    // A third time there is nothing left to correct, and still the reasons are no inventory.
    const again = await client.upload('again.csv', save(mend(await download(importId)), ';'));
    expect(again.body).toMatchObject({
      corrects_import_id: importId,
      columns: [...HEADER, 'column_5', 'column_6'],
    });
    expect(await recordsOf(importId)).toEqual(after);
    const empty = await client.upload('empty.csv', save([header!]));
    expect(empty.body).toMatchObject({ corrects_import_id: null, total_records: 0 });
  });

  it('that are wrong again correct nothing, and are corrected by a file of their own', async () => {
    const importId = await importAndRun();
    const file = mend(await download(importId));
    // Row 2 is refused again while importing, and row 3 comes back as it went out.
    const wrong = file.map((line, i) =>
      line.map((cell, at) => (at > 0 ? cell : i === 1 ? 'still \0 wrong' : i === 2 ? '' : cell)),
    );
    const first = (await client.upload('wrong.csv', save(wrong))).body;
    expect(first).toMatchObject({ corrects_import_id: importId, valid_records: 2, rejected_records: 2 });
    expect(await replacedBy(importId, first.id)).toEqual([null, null, 4, 6]);
    expect(await flowAndRun(first.id)).toMatchObject({ created: 2, rejected: 0 });

    const again = await download(first.id);
    expect(again[0]).toEqual(file[0]);
    expect(again.slice(1).map((line) => line[again[0]!.indexOf('row_number')])).toEqual(['1', '2']);
    const second = (await client.upload('right.csv', save(mend(again, 'app-0')))).body;
    expect(second).toMatchObject({ corrects_import_id: first.id, valid_records: 2 });
    expect(await replacedBy(first.id, second.id)).toEqual([1, 2]);
    expect(await flowAndRun(second.id)).toMatchObject({ created: 2 });
    expect((await recordsOf(first.id)).map(({ fate }) => fate)).toEqual([
      'rejected',
      'rejected',
      'created',
      'created',
    ]);
    expect((await client.get('/health/wiring?refresh=true')).body.health_status).toBe('healthy');

    // Row 2 of the first file is still open.
    const last = await client.upload('last.csv', save([file[0]!, file[1]!]), `?corrects=${importId}`);
    expect(await replacedBy(importId, last.body.id)).toEqual([2]);
  });

  it('know the columns of a file that has columns by the same names', async () => {
    const importId = await importAndRun(
      'Hostname,row_number,message,message (reject),@x\nweb-\0,17,hello,m,1\n,18,,n,-2\n',
    );
    const file = await download(importId);
    expect(file[0]).toEqual([
      'Hostname',
      'row_number',
      'message',
      'message (reject)',
      "'@x",
      'row_number (reject)',
      'column',
      'value',
      'error_code',
      'message (reject) (reject)',
    ]);
    const mended = file.map((line, i) => (i === 0 ? line : [`web-${i}`, ...line.slice(1)]));
    const { body } = await client.upload('mended.csv', save(mended, ';'));
    expect(body).toMatchObject({
      corrects_import_id: importId,
      columns: ['Hostname', 'row_number', 'message', 'message (reject)', '@x'],
    });
    expect(await replacedBy(importId, body.id)).toEqual([1, 2]);
    expect((await recordsOf(body.id)).map(({ raw_data }) => raw_data)).toEqual([
      { Hostname: 'web-1', row_number: '17', message: 'hello', 'message (reject)': 'm', '@x': '1' },
      { Hostname: 'web-2', row_number: '18', message: '', 'message (reject)': 'n', '@x': '-2' },
    ]);
  });

  it('of a file without a header, such as NDJSON, come back as a table', async () => {
    const lines = ['{"hostname": "web-01", "os": "=x"}', '{"hostname": "web-02", "os": ', '{"os": "@y"}'];
    const importId = await importAndRun(lines.join('\n'));
    const file = await download(importId);
    const mended = file.map((line, i) => (i === 0 ? line : [`web-1${i}`, ...line.slice(1)]));
    const { body } = await client.upload('mended.csv', save(mended));
    expect(body).toMatchObject({ corrects_import_id: importId, columns: ['hostname', 'os'] });
    expect(await replacedBy(importId, body.id)).toEqual([2, 3]);
    expect((await recordsOf(body.id)).map(({ raw_data }) => raw_data)).toEqual([
      { hostname: 'web-11', os: '' },
      { hostname: 'web-12', os: '@y' },
    ]);
  });

  it('belong to the newest import that fits, or to the one that is named', async () => {
    const older = await importAndRun();
    const newer = await importAndRun();
    const file = save(mend(await download(older)));
    expect((await client.upload('mended.csv', file)).body.corrects_import_id).toBe(newer);
    expect([await correctedRows(older), await correctedRows(newer)]).toEqual([[], [2, 3, 4, 6]]);
    const named = await client.upload('mended.csv', file, `?corrects=${older}&force=true`);
    expect(named.body.corrects_import_id).toBe(older);
    expect(await correctedRows(older)).toEqual([2, 3, 4, 6]);
  });

  it('belong to an older import with rejects left before a newer one without', async () => {
    const older = await importAndRun();
    await importAndRun();
    const file = mend(await download(older));
    await client.upload('mended.csv', save(file));
    expect((await client.upload('mended.csv', save(file, ';'))).body.corrects_import_id).toBe(older);
  });

  it('belong to the import in which every row fits, though a newer one has the same columns', async () => {
    const older = await importAndRun();
    const newer = await importAndRun(INVENTORY.replace('web-\0 2', 'web-02'));
    const file = mend(await download(older));
    expect((await client.upload('mended.csv', save(file))).body.corrects_import_id).toBe(older);
    expect(await correctedRows(newer)).toEqual([]);
  });

  it('never touch another tenant, nor another engagement of the same client', async () => {
    const importId = await importAndRun();
    const file = save(mend(await download(importId)));
    const strangers = [
      new ApiClient(service.origin, { ...client.tenant, engagement_id: randomUUID() }),
      new ApiClient(service.origin, { ...client.tenant, client_account_id: randomUUID() }),
      service.newClient(),
    ];
    for (const stranger of strangers) {
      const before = await recordsOf(importId);
      // An ordinary file to them, all of it.
      const { body } = await stranger.upload('mended.csv', file);
      expect(body).toMatchObject({ corrects_import_id: null, valid_records: 4 });
      expect(body.columns).toEqual(expect.arrayContaining(REASONS));
      expectProblem(await stranger.upload('mended.csv', file, `?corrects=${importId}&force=true`), 404);
      // With rejects of their own they correct those.
      const own = await importAndRun(INVENTORY, stranger);
      const corrected = await stranger.upload('mended.csv', file, '?force=true');
      expect(corrected.body.corrects_import_id).toBe(own);
      expect(await correctedRows(own, stranger)).toEqual([2, 3, 4, 6]);
      expect(await recordsOf(importId)).toEqual(before);
    }
  });

  const change = (column: string, to: (cell: string) => string) => (lines: Lines) => {
    const at = lines[0]!.indexOf(column);
    return lines.map((line, i) => line.map((cell, j) => (i > 0 && j === at ? to(cell) : cell)));
  };
  it.each<[string, (lines: Lines) => Lines]>([
    ['a row that was not rejected', change('row_number', (cell) => (cell === '3' ? '1' : cell))],
    [
      'a row that was made an asset, and no word of an error',
      ([header, row]) => [
        header!,
        row!.map((cell, i) => ({ row_number: '1', error_code: '', message: '' })[header![i]!] ?? cell),
      ],
    ],
    ['a row that is not there', change('row_number', (cell) => (cell === '3' ? '99' : cell))],
    ['a number that is none', change('row_number', (cell) => (cell === '3' ? '2147483648000' : cell))],
    ['no row at all', change('row_number', () => '')],
    ['another error', change('error_code', () => 'other')],
    ['another message', change('message', (cell) => `${cell}!`)],
    ['a column less', (lines) => lines.map((line) => line.slice(1))],
    ['a column more', (lines) => lines.map((line, i) => [i === 0 ? 'Owner' : 'me', ...line])],
    ['columns in another order', (lines) => lines.map(([a, b, ...rest]) => [b!, a!, ...rest])],
    ['another name of a column', ([header, ...rest]) => [['Host', ...header!.slice(1)], ...rest]],
  ])('are not what a file has that only looks like it: %s', async (_, spoil) => {
    const importId = await importAndRun();
    const spoilt = spoil(mend(await download(importId)));
    const { status, body } = await client.upload('mended.csv', save(spoilt));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      corrects_import_id: null,
      columns: spoilt[0]!,
      total_records: spoilt.length - 1,
    });
    const [record] = await recordsOf(body.id);
    expect(Object.keys(record!.raw_data)).toEqual(expect.arrayContaining(REASONS));
    expect(await correctedRows(importId)).toEqual([]);
  });

  describe('by ?corrects=', () => {
    it('take a file with the row numbers alone, whatever else a person has changed', async () => {
      const importId = await importAndRun();
      const { body } = await client.upload(
        'mended.csv',
        "row_number,Hostname,Owner,'@x\n6,web-06,me,'=1\n1,web-01,you,\n99,web-99,,\nx,web-x,,\n",
        `?corrects=${importId}`,
      );
      expect(body).toMatchObject({
        corrects_import_id: importId,
        columns: ['Hostname', 'Owner', '@x'],
        valid_records: 4,
      });
      expect(await replacedBy(importId, body.id)).toEqual([6, null, null, null]);
      expect((await recordsOf(body.id))[0]!.raw_data).toEqual({
        Hostname: 'web-06',
        Owner: 'me',
        '@x': '=1',
      });
    });

    it('keep two columns apart that differ in the mark of a formula alone', async () => {
      const importId = await importAndRun();
      const { body } = await client.upload(
        'mended.csv',
        "row_number,@x,'@x\n6,a,b\n",
        `?corrects=${importId}`,
      );
      expect((await recordsOf(body.id))[0]!.raw_data).toEqual({ '@x': 'a', "'@x": 'b' });
    });

    it.each([
      ['a CSV', 'a.csv', 'Hostname,message\nweb-02,x\n', /no column "row_number"/],
      ['JSON', 'a.json', '[{"Hostname":"web-02","row_number":2}]', /CSV, TSV and XLSX/],
      ['NDJSON', 'a.ndjson', '{"row_number":2}\n{"row_number":3}\n', /CSV, TSV and XLSX/],
    ])('refuse %s that does not name the rows', async (_, name, content, detail) => {
      const importId = await importAndRun();
      const refused = await client.upload(name, content, `?corrects=${importId}`);
      expectProblem(refused, 422);
      expect(refused.body.detail).toMatch(detail);
      expect(await correctedRows(importId)).toEqual([]);
    });

    it('refuse an import that is not there, and what is no id', async () => {
      expectProblem(await client.upload('a.csv', 'row_number,a\n1,x\n', `?corrects=${randomUUID()}`), 404);
      expectProblem(await client.upload('a.csv', 'row_number,a\n1,x\n', '?corrects=x'), 400, ['corrects']);
    });
  });

  it('that come back as they went out are rejected again, and correct nothing', async () => {
    const importId = await importAndRun();
    const before = await recordsOf(importId);
    const file = await download(importId);
    const { body } = await client.upload('as-it-was.csv', save(file));
    const count = file.length - 1;
    expect(body).toMatchObject({ corrects_import_id: importId, valid_records: 0, rejected_records: count });
    expect(await recordsOf(importId)).toEqual(before);
    const again = await download(body.id);
    const reason = file[0]!.indexOf('error_code');
    expect(again.slice(1).map((line) => line[reason])).toEqual(file.slice(1).map((line) => line[reason]));
  });

  it('of the same bytes are the first import, and correct once', async () => {
    const importId = await importAndRun();
    const file = save(mend(await download(importId)));
    const first = await client.upload('mended.csv', file);
    const records = await recordsOf(importId);
    const again = await client.upload('again.csv', file);
    expect([again.status, again.body]).toEqual([200, { ...first.body, duplicate: true }]);
    expect((await client.upload('forced.csv', file, '?force=true')).status).toBe(201);
    expect(await recordsOf(importId)).toEqual(records);
  });

  it('that arrive at once, in different orders, share the rejects without a deadlock', async () => {
    const bad = Array.from({ length: 3000 }, (_, i) => `web-\0${i},10.1.${i >> 8}.${i & 255}`);
    const { body } = await client.upload('bad.csv', `Hostname,IP Address\n${bad.join('\n')}\n`);
    const [header, ...sent] = await download(body.id);
    const rows = sent.map(([hostname, ...rest]) => [`${hostname!}-mended`, ...rest]);
    const files = [rows, rows.slice().reverse(), rows.slice(1000), rows.slice(0, 2000).reverse()];
    const answers = await Promise.all(
      files.map((some, i) => client.upload(`${i}.csv`, save([header!, ...some]))),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const { rows: counts } = await service.sql.query(
      `SELECT count(*)::int AS corrected, count(DISTINCT o.corrected_by)::int AS by,
              bool_and(n.raw_data ->> 'Hostname' = (o.raw_data ->> 'Hostname') || '-mended'
                       AND n.data_import_id <> o.data_import_id) AS own
         FROM migration.raw_import_records o JOIN migration.raw_import_records n ON n.id = o.corrected_by
        WHERE o.data_import_id = $1`,
      [body.id],
    );
    expect(counts).toEqual([{ corrected: 3000, by: 3000, own: true }]);
  });

  it('leave no trace when the file breaks off', async () => {
    const importId = await importAndRun();
    const broken = `${save(mend(await download(importId)))}"never closed`;
    expectProblem(await client.upload('broken.csv', broken, `?corrects=${importId}`), 422);
    expectProblem(await client.upload('broken.csv', broken), 422);
    expect(await correctedRows(importId)).toEqual([]);
  });
});
