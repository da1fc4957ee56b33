import fc from 'fast-check';

import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { readTable } from '../read-table.spec-helper';

/** By the table of a single-byte charset; `?` for what it has not. */
function singleByte(charset: string): (text: string) => Buffer {
  const decoder = new TextDecoder(charset);
  const bytes = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  );
  return (text) => Buffer.from(Array.from(text, (char) => bytes.get(char) ?? 0x3f));
}

const MAC: Partial<Record<string, string>> = { ä: '\x8a', ß: '\xa7', '€': '\xdb', '“': '\xd2' };

/** Each writes text of the alphabet below. */
const encoders: Record<string, (text: string) => Buffer> = {
  'utf-8': (text) => Buffer.from(text),
  'utf-8-bom': (text) => Buffer.from(`\ufeff${text}`),
  'utf-16le': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-16be': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  'utf-16le without a mark': (text) => Buffer.from(text, 'utf16le'),
  'utf-16be without a mark': (text) => Buffer.from(text, 'utf16le').swap16(),
  macintosh: (text) =>
    Buffer.from(
      text.replace(/[^\0-\x7f]/g, (char) => MAC[char] ?? '?'),
      'latin1',
    ),
  'windows-1252': (text) => Buffer.from(text.replaceAll('€', '\x80').replaceAll('“', '\x93'), 'latin1'),
};

const unit = fc.constantFrom(...Array.from('aZ0äß€“ ",;\t|^~\n\r=\\\''));
const cell = fc.oneof(
  fc.string({ unit }),
  fc.string({ unit: 'grapheme-ascii' }),
  fc.constantFrom('007', '1,5', '2024-02-15', '-1', '=cmd|x', "'", 'NULL', '{}', '[1]', '--', '#', 'N/A'),
);

/** A table and everything about how it is written down. */
const written = fc.integer({ min: 2, max: 6 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    encoding: fc.constantFrom(...Object.keys(encoders)),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 20 }),
    delimiter: fc.constantFrom(',', ';', '\t', '|', '^', '~'),
    lineEnds: fc.oneof(fc.constantFrom(['\n'], ['\r\n'], ['\r']), fc.constant(['\n', '\r\n', '\n'])),
    quoting: fc.constantFrom('all', 'as needed', 'all after a blank'),
    above: fc.constantFrom('', '', 'sep', 'title', 'comment'),
    below: fc.constantFrom('', '', 'Row count: 20', '(20 rows affected)', 'EOF'),
    endsInLineEnd: fc.boolean(),
  }),
);

/** What that encoding has no place for in the text. */
function macintosh(encoding: string, rows: string[][]): string[][] {
  if (encoding !== 'macintosh') return rows;
  return rows.map((row) =>
    row.map((text) => text.replace(/[^\0-\x7f]/g, (char) => (MAC[char] ? char : '?'))),
  );
}

describe('a delimited file', () => {
  it('comes back in every encoding that a request names', async () => {
    const text = fc.constantFrom(
      'žluťoučký kůň',
      'żółć',
      'сервер',
      'Αθήνα',
      'Größe',
      'œuvre',
      'a;b',
      '"x"',
      '',
    );
    const charsets = ['windows-1250', 'windows-1251', 'windows-1253', 'iso-8859-2', 'iso-8859-15', 'koi8-r'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...charsets),
        fc.array(text, { minLength: 1 }),
        async (encoding, cells) => {
          const encode = singleByte(encoding);
          const decoder = new TextDecoder(encoding);
          const rows = cells.map((cell, i) => `${i};"${cell.replaceAll('"', '""')}"`);
          const { cells: read } = await readTable(encode(['id;Öé', ...rows].join('\n')), { encoding });
          expect(read.map((row) => Object.values(row)[1])).toEqual(
            cells.map((cell) => decoder.decode(encode(cell))),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('comes back cell for cell, whatever its delimiter, line ends, quotes, encoding and surroundings', async () => {
    await fc.assert(
      fc.asyncProperty(
        written.filter(({ rows, above, delimiter, encoding, lineEnds }) => {
          const filled = rows.some((row) => row.some((text) => text.trim() !== ''));
          // A title above nothing may be anything, rare delimiters show by rows only, and Macs end lines with CR.
          if ((above === 'title' || /[\^~]/.test(delimiter)) && !filled) return false;
          return encoding !== 'macintosh' || (lineEnds[0] === '\r' && rows.length > 0);
        }),
        async (file) => {
          const { width, encoding, rows, delimiter, quoting, above, below } = file;
          // Non-ASCII in the header, so that the encoding shows whatever the cells hold.
          const headers = Array.from({ length: width }, (_, i) => `Säule ${i}ß`);
          const quote = (text: string): string => {
            const quoted = `"${text.replaceAll('"', '""')}"`;
            if (quoting === 'all after a blank') return delimiter === '\t' ? quoted : ` ${quoted}`;
            return quoting === 'all' || /[",;\t|^~\r\n']|^\s|\s$/.test(text) ? quoted : text;
          };
          const lines = [headers, ...rows].map((row) => row.map(quote).join(delimiter));
          if (above === 'sep') lines.unshift(`sep=${delimiter}`);
          if (above === 'title') lines.unshift('Bestand von Mai 2024', '');
          if (above === 'comment') lines.unshift('# Bestand', '# von Mai');
          if (below) lines.push(below);
          if (file.endsInLineEnd) lines.push('');
          const text = lines
            .map((line, i) => (i === 0 ? '' : file.lineEnds[i % file.lineEnds.length]) + line)
            .join('');
          const { table: read, cells, rows: found, summary } = await readTable(encoders[encoding]!(text));
          const filled = rows.filter((row) => row.some((one) => one.trim() !== ''));
          const known = macintosh(encoding, filled);
          expect(read).toMatchObject({ encoding: encoding.split(' ')[0], delimiter });
          expect(summary.columns).toEqual(macintosh(encoding, [headers])[0]);
          expect(summary.detected).toMatchObject({
            footer_rows: below ? 1 : 0,
            repeated_headers: 0,
            empty_columns: 0,
          });
          expect(summary.empty_rows_skipped).toBe(rows.length - filled.length);
          expect(cells.map((row) => Object.values(row))).toEqual(known);
          expect(found.flatMap((row) => row.errors)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a sep line', 'sep=;\r\na;b,c\r\n1;2\r\n', ['a', 'b,c']],
    ['a sep line in quotes, after a mark', '\ufeff"sep=|"\na|b\n', ['a', 'b']],
    ['a sep line with a delimiter that Excel does not write', 'sep=^\na^b\n', ['a', 'b']],
    ['a type line', '#TYPE System.Management\r\n"a","b"\r\n', ['a', 'b']],
    ['blank lines', '\n\r\n  \na,b\n', ['a', 'b']],
    ['a line of blank cells', ',,\n;\na,b\n', [';', 'column_2']],
  ])('begins below %s', async (_, text, columns) => {
    const { summary } = await readTable(`${text}x,y\n`);
    expect(summary.columns.slice(0, 2)).toEqual(columns);
  });

  it.each([
    ['decimal commas', 'host;cpu;mem\nsrv;1,5;2,5\nsrv;3,5;4,5\n', ';'],
    ['commas in the header', 'Name, voll;IP\nsrv;1\n', ';'],
    ['semicolons in cells', 'host,tags\nsrv,a=1;b=2;c=3\n', ','],
    ['delimiters in quotes', 'host,note\nsrv,"a;b;c;d"\nsrv,"e;f;g;h"\n', ','],
    ['one more delimiter in each row', 'a;b;c\n1;2;3;\n4;5;6;\n', ';'],
    ['one more delimiter in each row, and commas', 'a;b,c;d\n1;2,3;4;\n5;6,7;8;\n', ';'],
    ['short rows', 'a|b|c\n1|2\n1|2|3\n', '|'],
    ['one column', 'host\nsrv1\nsrv2\n', ','],
  ])('shows its delimiter in spite of %s', async (_, text, delimiter) => {
    expect((await readTable(text)).table.delimiter).toBe(delimiter);
  });

  it('is read by the delimiter that gives its headers a meaning when several would do', async () => {
    const known = (headers: string[]): number => headers.filter((header) => header === 'IP').length;
    const { table } = await readTable('Name;x,IP,y;z\na;b,c,d;e\n', {}, known);
    expect(table.delimiter).toBe(',');
  });

  it.each([
    ['apostrophes', "'Name','Note'\n'a','x, y'\n'b','it''s'\n", ['x, y', "it's"]],
    ['backslashes', 'Name,Note\n"a","x, \\"y\\" z"\n"b","c:\\\\d"\n', ['x, "y" z', 'c:\\d']],
    ['apostrophes that are text', "Name,Note\n'a','b'\nit's,5'\n", ["'b'", "5'"]],
    ['backslashes that are text', 'Name,Note\n"a","c:\\d\\"\n"b","say ""x"""\n', ['c:\\d\\', 'say "x"']],
  ])('may have %s about its quotes', async (_, text, notes) => {
    const { cells } = await readTable(text);
    expect(cells.map(({ Note }) => Note)).toEqual(notes);
  });

  it('keeps cells and headers verbatim, but for blanks around headers', async () => {
    const { summary, cells } = await readTable(' Free % ,"Hardware\nVendor"\n 007 ,"  x"\n');
    expect(summary.columns).toEqual(['Free %', 'Hardware\nVendor']);
    expect(cells).toEqual([{ 'Free %': ' 007 ', 'Hardware\nVendor': '  x' }]);
  });

  it('keeps text under blank headers and drops columns without any', async () => {
    const { summary, cells } = await readTable('a,,b,\n1,x,2,\n3,,4,\n');
    expect(summary.columns).toEqual(['a', 'column_2', 'b']);
    expect(cells).toEqual([
      { a: '1', column_2: 'x', b: '2' },
      { a: '3', column_2: '', b: '4' },
    ]);
  });

  it('takes short rows as they are and ignores blank cells behind the last header', async () => {
    const { rows, cells } = await readTable('a,b,c\n1\n1,2,3,, \n');
    expect(cells).toEqual([{ a: '1' }, { a: '1', b: '2', c: '3' }]);
    expect(rows.flatMap((row) => row.errors)).toEqual([]);
  });

  it('rejects a row with too many cells and keeps them', async () => {
    const { rows, cells, summary } = await readTable('a,b\n1,2\n1,2,3,,5\n6,7\n');
    expect(rows.map((row) => row.errors.length)).toEqual([0, 1, 0]);
    expect(rows[1]?.errors[0]).toEqual({
      column: null,
      value: '3, 5',
      code: 'too_many_cells',
      message: 'Line 3 has 5 cells under 2 headers.',
    });
    expect(cells[1]).toEqual({ a: '1', b: '2', column_3: '3', column_5: '5' });
    expect(summary.columns).toEqual(['a', 'b', 'column_3', 'column_5']);
  });

  it('counts empty rows and gives them no number', async () => {
    const { rows, summary } = await readTable('a,b\n\n1,2\n,\n " " ,\n3,4\n\n');
    expect(rows.map((row) => [row.row_number, row.cells.a])).toEqual([
      [1, '1'],
      [2, '3'],
    ]);
    expect(summary.empty_rows_skipped).toBe(4);
  });

  it('may have a header and nothing else', async () => {
    const { rows, summary } = await readTable('test');
    expect(rows).toEqual([]);
    expect(summary).toMatchObject({ columns: ['test'], empty_rows_skipped: 0 });
  });

  it('may have headers that would reach a prototype', async () => {
    const { rows } = await readTable('__proto__,constructor\nx,y\n');
    expect(Reflect.has(rows[0]?.cells ?? {}, 'toString')).toBe(false);
    expect(Object.entries(rows[0]?.cells ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('rejects only the rows with NUL bytes', async () => {
    const { rows, cells } = await readTable('host,ip\nsrv1,1\nsr\0v2,2\nsrv3,3\n');
    expect(cells.map(({ host }) => host)).toEqual(['srv1', 'sr\ufffdv2', 'srv3']);
    expect(rows.map((row) => row.errors)).toEqual([
      [],
      [
        {
          column: 'host',
          value: 'sr\ufffdv2',
          code: 'nul_byte',
          message: 'Column "host" in line 3 holds a NUL byte.',
        },
      ],
      [],
    ]);
  });

  it('rejects only the rows with bytes that are not UTF-8', async () => {
    const broken = Buffer.concat([
      Buffer.from('ort\nKöln\nMünchen\nN'),
      Buffer.from([0xfc]),
      Buffer.from('rnberg\n'),
    ]);
    const { table, rows, cells } = await readTable(broken);
    expect(table.encoding).toBe('utf-8');
    expect(cells).toEqual([{ ort: 'Köln' }, { ort: 'München' }, { ort: 'N\ufffdrnberg' }]);
    expect(rows.map((row) => row.errors.map(({ code }) => code))).toEqual([[], [], ['invalid_utf8']]);
  });

  it('gives long records in small batches', async () => {
    const { batchSizes } = await readTable(`a,b\n${`${'x'.repeat(2 ** 20)},y\n`.repeat(20)}`);
    expect(Math.max(...batchSizes)).toBeLessThanOrEqual(2);
  });

  it('takes a genuine U+FFFD for text', async () => {
    const { rows } = await readTable('a\n\ufffd\n');
    expect(rows[0]).toMatchObject({ cells: { a: '\ufffd' }, errors: [] });
  });

  it('rejects only the rows with half a surrogate pair', async () => {
    const { rows } = await readTable(Buffer.from('\ufeffa\n😀\n\ud83d\n\ufffd\n', 'utf16le'));
    expect(rows.map((row) => row.errors.map(({ code }) => code))).toEqual([[], ['lone_surrogate'], []]);
  });

  it('refuses UTF-16 that is cut within a character', async () => {
    const cut = Buffer.from('\ufeffa,b\n1,2\n', 'utf16le').subarray(0, -1);
    await expect(readTable(cut)).rejects.toThrow(UnreadableFileError);
  });

  it.each([
    ['10,000 columns and a quote', `a\n"a"${',a'.repeat(9999)}\n`, /Line 2 has more than 4096 columns/],
    [
      'names of 600,000 characters',
      `${'a'.repeat(600_000)},b\n`,
      /names of the columns have 600001 characters/,
    ],
    ['a cell of doubled quotes', `a\n${'"'.repeat(20_000_000)}\n`, /opens in line 2 is longer/],
    ['a line that never ends', `a\n1\n${'x,'.repeat(10_000_000)}`, /record in line 3 is longer/],
    ['10,000 columns', `${'a,'.repeat(9999)}a\n`, /Line 1 has 10000 columns/],
    ['a cell of 50 MB', `a\n"${'x'.repeat(50_000_000)}"\n`, /line 2/],
    ['a quote that is never closed', `a,b\n1,"2\n${'x,y\n'.repeat(100)}`, /line 2 is never closed/],
  ])('is refused for %s, with the line', async (_, text, message) => {
    await expect(readTable(text)).rejects.toThrow(UnreadableFileError);
    await expect(readTable(text)).rejects.toThrow(message);
  });
});
