import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { readTable } from '../read-table.spec-helper';

const read = (text: string): ReturnType<typeof readTable> => readTable(text, { filename: 'x.ndjson' });

describe('a file of JSON lines', () => {
  it('keeps a bad line as a rejected row, and the others go on', async () => {
    const { table, rows, cells, summary } = await read(
      '{"a":1}\n{"a":oops}\r\n\n[1]\n{"b":{"c":2}}\n{"a":"cut',
    );
    expect(table).toMatchObject({
      format: 'ndjson',
      encoding: 'utf-8',
      delimiter: null,
      sheet: null,
      sheets: null,
    });
    expect(cells).toEqual([{ a: '1' }, {}, {}, { 'b.c': '2' }, {}]);
    expect(rows.map((row) => [row.row_number, row.errors.map(({ code }) => code)])).toEqual([
      [1, []],
      [2, ['malformed_json']],
      [3, ['not_an_object']],
      [4, []],
      [5, ['malformed_json']],
    ]);
    expect(rows[1]?.errors[0]).toMatchObject({
      column: null,
      value: '{"a":oops}\r',
      message: 'A value was expected (line 2, character 6).',
    });
    expect(summary).toMatchObject({ columns: ['a', 'b.c'], empty_rows_skipped: 1 });
  });

  it.each([
    ['x.ndjson', '{"a":1}\r{"a":oops}\r{"a":3}\r'],
    ['x.json', '{"a":1}\r{"a":oops}\r{"a":3}'],
    ['x.json', '{"a":oops}\n{"a":2}\n{"a":3}\n'],
    ['x.json', 'oops\n{"a":2}\n{"a":3}\n'],
  ])('is read as %s with CR or a bad first line: %j', async (filename, text) => {
    const { table, rows, summary } = await readTable(text, { filename });
    expect(table.format).toBe('ndjson');
    expect(rows.map((row) => row.errors.length).sort()).toEqual([0, 0, 1]);
    expect(summary.empty_rows_skipped).toBe(0);
  });

  it('cuts the text of a bad line to 1,000 characters, not through a pair', async () => {
    const { rows } = await read(`${'x'.repeat(999)}😀${'x'.repeat(100)}`);
    expect(rows[0]?.errors[0]?.value).toBe('x'.repeat(999));
  });

  it.each([
    ['bracket', '['],
    ['object', '{"a":'],
  ])('rejects only the line that is nested too deep (%s)', async (_, open) => {
    const { rows } = await read(`{"x":1}\n{"x":${open.repeat(200_000)}\n{"x":2}`);
    expect(rows.map((row) => row.errors.map(({ code }) => code))).toEqual([[], ['nested_too_deep'], []]);
  });

  it('is refused for a line of 33 MiB, with its number', async () => {
    const reading = read(`{"a":1}\n{"a":"${'x'.repeat(33 * 2 ** 20)}"}`);
    await expect(reading).rejects.toThrow(UnreadableFileError);
    await expect(reading).rejects.toThrow(/Line 2 is longer/);
  });
});
