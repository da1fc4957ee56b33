import { Workbook } from 'exceljs';
import fc from 'fast-check';

import { InvalidInputError } from '../../../errors/invalid-input.error';
import { PayloadTooLargeError } from '../../../errors/payload-too-large.error';
import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { UnsupportedTypeError } from '../../../errors/unsupported-type.error';
import { readTable, type ReadTable } from '../read-table.spec-helper';
import { workbookParts, type SheetSource } from './workbook-parts.spec-helper';
import { zip } from './zip.spec-helper';

const text = (value: string): string => `<x:c t="inlineStr"><x:is><x:t>${value}</x:t></x:is></x:c>`;
const row = (...values: string[]): string => `<x:row>${values.map(text).join('')}</x:row>`;
const sheet = (data: string, name = 'vInfo', state?: SheetSource['state']): SheetSource => ({
  name,
  data,
  state,
});

type Options = Parameters<typeof workbookParts>[1];
const read = (sheets: SheetSource[], options?: Options, wanted: string | null = null): Promise<ReadTable> =>
  readTable(
    zip(workbookParts(sheets, options)),
    { sheet: wanted },
    (headers) => headers.filter((header) => ['Host', 'IP'].includes(header)).length,
  );
/** The one cell below a header, read as it stands in the XML. */
const cellOf = async (cell: string, options?: Options): Promise<string | undefined> =>
  (await read([sheet(row('a') + `<x:row>${cell}${text('x')}</x:row>`)], options)).cells[0]?.a;

/** Control characters cannot be in XML, and XML itself makes line feeds of carriage returns. */
const storable = fc.string({ unit: 'grapheme' }).filter((one) => !/[^\P{Cc}\t\n]|[\ufffe\uffff]/u.test(one));

describe('an XLSX workbook', () => {
  it('comes back cell for cell as exceljs writes it', async () => {
    const value = fc.oneof(
      storable,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
      fc.boolean(),
      fc.constant(null),
      fc.date({ min: new Date('1901-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
    );
    const rows = fc.array(fc.array(value, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), fc.boolean(), async (values, shared, titled) => {
        fc.pre(!titled || values.some((one) => one.map(expectedText).join('').trim() !== ''));
        const workbook = new Workbook();
        const worksheet = workbook.addWorksheet('Inventory');
        if (titled) worksheet.addRows([['Bestand von Mai 2024'], []]);
        worksheet.addRow(['a', 'b', 'c', 'd', 'e']);
        for (const one of values) worksheet.addRow(one);
        worksheet.eachRow((line) => {
          line.eachCell((cell) => {
            if (cell.value instanceof Date) cell.numFmt = 'yyyy-mm-dd hh:mm:ss.000';
          });
        });
        if (titled) worksheet.addRows([[], ['(20 rows)']]);
        const bytes = await workbook.xlsx.writeBuffer({ useSharedStrings: shared });
        const { cells, table, summary } = await readTable(Buffer.from(bytes));
        expect(summary.detected).toMatchObject({ header_row: titled ? 3 : 1, footer_rows: titled ? 1 : 0 });
        expect(table).toMatchObject({
          format: 'xlsx',
          sheet: 'Inventory',
          sheets: ['Inventory'],
          encoding: null,
        });
        const expected = values
          .map((one) => one.map(expectedText))
          .filter((one) => one.join('').trim() !== '');
        expect(cells.map((one) => Object.values(one))).toEqual(expected.map(withoutTrailingBlanks));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a prefix before every name', 'x:'],
    ['no prefix', ''],
  ])('is read with %s', async (_, prefix) => {
    const data = `${row('Host', 'IP')}${row('srv', '10.0.0.1')}`.replaceAll('x:', prefix);
    const { cells } = await read([sheet(data)], { prefix });
    expect(cells).toEqual([{ Host: 'srv', IP: '10.0.0.1' }]);
  });

  it('reads the visible sheet with the most known headers, the first of equals, and names all', async () => {
    const { table, cells } = await read([
      sheet(row('Property') + row('x'), 'Info'),
      sheet(row('Host', 'IP') + row('hidden', '1'), 'Hidden', 'hidden'),
      sheet('', 'Empty'),
      sheet(row('Host', 'IP') + row('first', '1'), 'First'),
      sheet(row('IP', 'Host') + row('1', 'second'), 'Second'),
    ]);
    expect(table).toMatchObject({ sheet: 'First', sheets: ['Info', 'Hidden', 'Empty', 'First', 'Second'] });
    expect(cells).toEqual([{ Host: 'first', IP: '1' }]);
  });

  it('reads a table below a title and a cover sheet, and leaves its footer out', async () => {
    const data = row('Report of May') + row() + row('Host', 'IP') + row('a', '1') + row('Row count: 1');
    const { table, cells, summary } = await read([sheet(row('Host report'), 'Cover'), sheet(data, 'Hosts')]);
    expect([table.sheet, cells]).toEqual(['Hosts', [{ Host: 'a', IP: '1' }]]);
    expect(summary.detected).toEqual({
      encoding: null,
      delimiter: null,
      line_ends: null,
      sheet: 'Hosts',
      header_row: 3,
      preamble_rows: 1,
      footer_rows: 1,
      repeated_headers: 0,
      empty_columns: 0,
      skipped_lines: [
        { line: 1, why: 'preamble', text: 'Report of May' },
        { line: 5, why: 'footer', text: 'Row count: 1' },
      ],
    });
  });

  it('is refused when its sheet begins with a row, unless it is said to have no header', async () => {
    const data = row('srv-1', '10.0.0.1') + row('srv-2', '10.0.0.2');
    await expect(read([sheet(data)])).rejects.toThrow(/Line 1 holds data .*\?header=none/);
    const { cells, summary } = await readTable(zip(workbookParts([sheet(data)])), { header: 'none' });
    expect(cells).toEqual([
      { column_1: 'srv-1', column_2: '10.0.0.1' },
      { column_1: 'srv-2', column_2: '10.0.0.2' },
    ]);
    expect(summary.detected.header_row).toBeNull();
  });

  it('reads no cover for the first sheet, though nothing in the workbook is known', async () => {
    const { table } = await read([
      sheet(row('Annual report') + row('by the IT department') + row('2024'), 'Cover'),
      sheet(row('Gerät', 'Raum') + row('pc', 'R1'), 'Bestand'),
    ]);
    expect(table.sheet).toBe('Bestand');
  });

  it('reads the sheet that is asked for, a hidden one too', async () => {
    const sheets = [sheet(row('Host') + row('srv')), sheet(row('x') + row('1'), 'Secret', 'veryHidden')];
    const { table, cells } = await read(sheets, {}, 'Secret');
    expect([table.sheet, cells]).toEqual(['Secret', [{ x: '1' }]]);
  });

  it('looks once at a part that is a thousand sheets', async () => {
    const parts = workbookParts([sheet(row('a') + row('b'))]);
    const [tab = ''] = /<x:sheet .*?\/>/.exec(parts['xl/workbook.xml'] ?? '') ?? [];
    const bytes = zip({ ...parts, 'xl/workbook.xml': `<x:workbook>${tab.repeat(1000)}</x:workbook>` });
    expect((await readTable(bytes)).table.sheets).toEqual(['vInfo']);
  });

  it('says which sheets there are when it has not the one asked for', async () => {
    const reading = read([sheet(row('a')), sheet(row('b'), 'vDisk')], {}, 'vinfo');
    await expect(reading).rejects.toThrow(InvalidInputError);
    await expect(reading).rejects.toThrow(
      'sheet: The workbook has no sheet "vinfo"; it has "vInfo", "vDisk".',
    );
  });

  it('puts cells and rows where their references say, and goes on counting without', async () => {
    const { rows, cells, summary } = await read([
      sheet(
        '<x:row r="1"/><x:row r="3"><x:c r="B3" t="str"><x:v>b</x:v></x:c><x:c t="str"><x:v>c</x:v></x:c><x:c r="AA3" t="str"><x:v>aa</x:v></x:c></x:row>' +
          '<x:row r="5"><x:c r="C5"><x:v>1</x:v></x:c></x:row>' +
          '<x:row><x:c r="AA6"><x:v>2</x:v></x:c></x:row><x:row r="7"/><x:row r="8"><x:c s="1"/></x:row>' +
          '<x:row r="12"><x:c r="A12"><x:v>3</x:v></x:c></x:row>',
      ),
    ]);
    expect(cells).toEqual([{ b: '', c: '1' }, { b: '', c: '', aa: '2' }, { column_1: '3' }]);
    expect(rows.map((one) => one.row_number)).toEqual([1, 2, 3]);
    expect(summary).toMatchObject({ columns: ['column_1', 'b', 'c', 'aa'], empty_rows_skipped: 6 });
  });

  it('keeps rows that are out of order', async () => {
    const at = (number: number, value: string): string =>
      row(value).replace('<x:row>', `<x:row r="${number}">`);
    const { cells } = await read([sheet(at(5, 'a') + at(7, 'x') + at(2, 'y'))]);
    expect(cells).toEqual([{ a: 'x' }, { a: 'y' }]);
  });

  it.each([
    ['shared text', '<x:c t="s"><x:v>1</x:v></x:c>', 'formatted runs'],
    ['no text where a shared one is empty', '<x:c t="s"><x:v/></x:c>', ''],
    ['no text where a shared one is missing', '<x:c t="s"/>', ''],
    ['text of a formula', '<x:c t="str"><x:f>"a"&amp;"b"</x:f><x:v>a&amp;b</x:v></x:c>', 'a&b'],
    [
      'inline runs',
      '<x:c t="inlineStr"><x:is><x:r><x:t>a</x:t></x:r><x:r><x:t xml:space="preserve"> b</x:t></x:r></x:is></x:c>',
      'a b',
    ],
    ['escaped controls', '<x:c t="inlineStr"><x:is><x:t>a_x000D_b_x005F_</x:t></x:is></x:c>', 'a\rb_'],
    ['true', '<x:c t="b"><x:v>1</x:v></x:c>', 'TRUE'],
    ['false', '<x:c t="b"><x:v>0</x:v></x:c>', 'FALSE'],
    ['an error', '<x:c t="e"><x:v>#N/A</x:v></x:c>', '#N/A'],
    ['an ISO date', '<x:c t="d"><x:v>2024-02-15</x:v></x:c>', '2024-02-15'],
    ['a number', '<x:c><x:v>0.29999999999999999</x:v></x:c>', '0.3'],
    ['a long number', '<x:c><x:v>12345678901234567890</x:v></x:c>', '12345678901234567890'],
    ['a formula kept as text', '<x:c t="str"><x:v>=cmd|x</x:v></x:c>', '=cmd|x'],
    ['a date', '<x:c s="1"><x:v>45337</x:v></x:c>', '2024-02-15'],
    ['a moment', '<x:c s="2"><x:v>45337.4375</x:v></x:c>', '2024-02-15T10:30:00'],
    ['a number that is no date', '<x:c s="1"><x:v>-1</x:v></x:c>', '-1'],
    ['a plain number', '<x:c s="0"><x:v>45337</x:v></x:c>', '45337'],
  ])('shows %s', async (_, cell, shown) => {
    const sharedStrings =
      '<x:si><x:t>other</x:t></x:si>' +
      '<x:si><x:r><x:t xml:space="preserve">formatted </x:t></x:r><x:r><x:t>runs</x:t></x:r><x:rPh><x:t>よみ</x:t></x:rPh></x:si>';
    const styles =
      '<x:numFmts><x:numFmt numFmtId="164" formatCode="dd.mm.yyyy hh:mm"/></x:numFmts>' +
      '<x:cellStyleXfs><x:xf numFmtId="14"/></x:cellStyleXfs>' +
      '<x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/><x:xf numFmtId="164"/></x:cellXfs>';
    expect(await cellOf(cell, { sharedStrings, styles })).toBe(shown);
  });

  it('counts days from 1904 where the workbook does', async () => {
    const styles = '<x:cellXfs><x:xf/><x:xf numFmtId="14"/></x:cellXfs>';
    expect(await cellOf('<x:c s="1"><x:v>43875</x:v></x:c>', { styles, date1904: true })).toBe('2024-02-15');
  });

  it('rejects only the rows with a NUL', async () => {
    const { rows } = await read([sheet(row('a') + row('x_x0000_') + row('y'))]);
    expect(rows.map((one) => one.errors.map(({ code }) => code))).toEqual([['nul_byte'], []]);
  });

  const parts = (): Record<string, string> => workbookParts([sheet(row('a') + row('b'))]);
  const without = (path: string): Record<string, string> =>
    Object.fromEntries(Object.entries(parts()).filter(([name]) => name !== path));
  const replaced = (path: string, content: string): Buffer => zip({ ...parts(), [path]: content });
  const sheetPath = 'xl/worksheets/sheet0.xml';
  it.each([
    ['some other archive', zip({ 'inventory.csv': 'a,b\n' }), UnsupportedTypeError, /no XLSX workbook/],
    ['an archive of nothing', zip({}), UnsupportedTypeError, /no XLSX workbook/],
    ['a missing sheet', zip(without(sheetPath)), UnreadableFileError, /sheet0.xml is missing/],
    ['a missing workbook', zip(without('xl/workbook.xml')), UnreadableFileError, /workbook.xml is missing/],
    ['a cut archive', zip(parts()).subarray(0, -30), UnreadableFileError, /damaged/],
    [
      'broken compression',
      Buffer.from(zip(parts()).map((byte, at) => (at > 400 && at < 420 ? 0xff : byte))),
      UnreadableFileError,
      /damaged/,
    ],
    [
      'broken XML',
      replaced(sheetPath, '<worksheet><sheetData><row>'),
      UnreadableFileError,
      /damaged.*sheet0/,
    ],
    [
      'an entity bomb',
      replaced(
        sheetPath,
        '<!DOCTYPE a [<!ENTITY b "c">]><worksheet><row><c><v>&b;</v></c></row></worksheet>',
      ),
      UnreadableFileError,
      /entity/,
    ],
    [
      'a text that is missing',
      zip(workbookParts([sheet('<x:row><x:c t="s"><x:v>9</x:v></x:c></x:row>')])),
      UnreadableFileError,
      /shared text 9/,
    ],
    [
      'a cell of no column',
      zip(workbookParts([sheet('<x:row r="1"><x:c r="1"><x:v>9</x:v></x:c></x:row>')])),
      UnreadableFileError,
      /cannot have a cell "1"/,
    ],
    ['encrypted parts', zip(parts(), { flags: 1 }), UnreadableFileError, /password/],
    [
      'sheets without a cell',
      zip(workbookParts([sheet(''), sheet('<x:row r="9"/>', 'b')])),
      UnreadableFileError,
      /empty/,
    ],
    [
      '5,000 columns',
      zip(workbookParts([sheet('<x:row r="1"><x:c r="GJH1"><x:v>1</x:v></x:c></x:row>')])),
      UnreadableFileError,
      /row 1 .*4096 columns/,
    ],
    [
      'a cell that is too long',
      zip(workbookParts([sheet(row('a'.repeat(2 ** 20 + 1)))])),
      UnreadableFileError,
      /longer than the limit/,
    ],
    [
      'a bomb',
      replaced(sheetPath, `<worksheet>${' '.repeat(17 * 2 ** 20)}</worksheet>`),
      PayloadTooLargeError,
      /200 times/,
    ],
    [
      'a tag without an end',
      replaced(
        sheetPath,
        `<worksheet ${Array.from({ length: 2_000_000 }, (_, i) => `a${(i * 7919) % 1e6}=""`).join(' ')}`,
      ),
      UnreadableFileError,
      /too long/,
    ],
    [
      'a row that cannot be',
      zip(workbookParts([sheet('<x:row r="1048577"/>')])),
      UnreadableFileError,
      /a row "1048577"/,
    ],
    [
      '10,001 parts',
      zip(Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`part${i}`, '']))),
      UnreadableFileError,
      /10001 parts; the limit is 10000/,
    ],
    [
      'parts that are no bomb each, and one together',
      zip({
        ...parts(),
        ...Object.fromEntries(Array.from({ length: 18 }, (_, i) => [`x${i}`, ' '.repeat(15 * 2 ** 20)])),
      }),
      PayloadTooLargeError,
      /parts of the workbook expand to more than/,
    ],
    [
      'a directory of 5 MB',
      zip(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i}${'x'.repeat(50_000)}`, '']))),
      UnreadableFileError,
      /directory of the workbook is longer/,
    ],
    ['styles of 33 MB', replaced('xl/styles.xml', ' '.repeat(33 * 2 ** 20)), PayloadTooLargeError, /styles/],
    [
      'a value in a hundred thousand pieces',
      zip(
        workbookParts([
          sheet(`<x:row/><x:row><x:c><x:v>${'0123456789<x:a/>'.repeat(110_000)}</x:v></x:c></x:row>`),
        ]),
      ),
      UnreadableFileError,
      /Cell 1 in row 2 is longer/,
    ],
    [
      'a text in a hundred thousand runs',
      zip(
        workbookParts([sheet(row('a'))], {
          sharedStrings: `<x:si/><x:si>${'<x:t>0123456789</x:t>'.repeat(110_000)}</x:si>`,
        }),
      ),
      UnreadableFileError,
      /Shared text 1 of the workbook is longer/,
    ],
    [
      'a long text that is referred to again and again',
      zip(
        workbookParts([sheet(row('a') + '<x:row><x:c t="s"><x:v>0</x:v></x:c></x:row>'.repeat(300))], {
          sharedStrings: `<x:si><x:t>${'x'.repeat(2 ** 20)}</x:t></x:si>`,
        }),
      ),
      PayloadTooLargeError,
      /Up to row 257 the cells have 268435457 characters/,
    ],
    [
      'rows of nothing but their last cell',
      zip(workbookParts([sheet(row('a') + '<x:row><x:c r="FAN1"><x:v>1</x:v></x:c></x:row>'.repeat(5000))])),
      PayloadTooLargeError,
      /Up to row \d+ the cells have/,
    ],
    ['elements nested too deep', replaced(sheetPath, '<a>'.repeat(100)), UnreadableFileError, /too deep/],
  ])('is refused for %s', async (_, bytes, type, message) => {
    const reading = readTable(bytes);
    await expect(reading).rejects.toThrow(type);
    await expect(reading).rejects.toThrow(message);
  });
});

function expectedText(value: string | number | boolean | Date | null): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString().replace('Z', '').replace('.000', '');
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return String(value);
}

function withoutTrailingBlanks(values: string[]): string[] {
  return values.slice(0, values.findLastIndex((value) => value !== '') + 1);
}
