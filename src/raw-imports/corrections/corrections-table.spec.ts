import { text as readAll } from 'node:stream/consumers';
import fc from 'fast-check';
import type { RejectedRecord } from '../queries/list-rejects';
import { readTable } from '../readers/read-table.spec-helper';
import { rejectsCsv } from '../rejects-csv';
import { claimOf } from './claim-of';
import { type CorrectionsHeader, recogniseHeader } from './corrections-header';
import { type CorrectedRow, CorrectionsTable } from './corrections-table';
import { escapeFormula, unescapeFormula } from './formula-escape';

type Cells = Record<string, string>;

/** The rejects file of these rows. */
function exported(columns: string[], rows: Cells[]): Promise<string> {
  const rejects = rows.map((raw_data, i): RejectedRecord => ({
    id: '',
    row_number: 10 * i + 1,
    raw_data,
    validation_errors: [{ column: columns[0]!, value: '=x', code: 'nul_byte', message: `+ "a", ${i}` }],
    corrected_by: null,
  }));
  const batches = async function* () {
    yield await Promise.resolve(rejects);
  };
  return readAll(rejectsCsv(columns, batches()));
}

async function imported(csv: string) {
  const { table, rows } = await readTable(csv);
  const header = recogniseHeader(table.header!)!;
  expect(header).not.toBeNull();
  const source = {
    ...table,
    batches: async function* () {
      yield await Promise.resolve(rows);
    },
  };
  const corrections = new CorrectionsTable(source, header, 'import');
  const corrected: CorrectedRow[] = [];
  for await (const batch of corrections.batches()) corrected.push(...batch);
  const claims = rows.map(({ cells }) => claimOf(cells, header));
  return { corrected, claims, summary: corrections.summary() };
}

const NASTY = [
  '=',
  '+',
  '-',
  '@',
  "'",
  '"',
  ',',
  ';',
  '\t',
  '\r',
  '\n',
  '\uff1d',
  '\uff20',
  ' ',
  'a',
  'é',
  '1',
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...NASTY)).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }).map((some) => some.replaceAll('\0', '')),
);
/** As a header gives them: trimmed, and all different. What would pass for another delimiter is the sniffer's. */
const names = fc
  .uniqueArray(
    fc.oneof(
      fc.constantFrom(
        'row_number',
        'message',
        'message (reject)',
        'column_2',
        '__proto__',
        '@x',
        "'@x",
        "''@x",
      ),
      text.map((some) => some.replaceAll(/[;|\t]/g, '').trim()),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .filter((some) => !some.includes(''));

describe('a corrections file', () => {
  it('brings back every column and cell as the rejects file had them, whatever they hold', async () => {
    const inventory = names.chain((columns) =>
      fc.record({
        columns: fc.constant(columns),
        rows: fc.array(fc.array(text, { minLength: columns.length, maxLength: columns.length }), {
          minLength: 1,
          maxLength: 5,
        }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(inventory, async ({ columns, rows }) => {
        const cells = rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]!])));
        const { corrected, claims, summary } = await imported(await exported(columns, cells));
        const filled = cells
          .map((row, i) => ({ row: Object.entries(row), corrects_row: 10 * i + 1 }))
          .filter(({ row }) => row.some(([, cell]) => cell.trim() !== ''));
        expect(summary).toMatchObject({ columns, empty_rows_skipped: cells.length - filled.length });
        expect(
          corrected.map((row) => ({ row: Object.entries(row.cells), corrects_row: row.corrects_row })),
        ).toEqual(filled);
        expect(corrected.map(({ row_number }) => row_number)).toEqual(filled.map((_, i) => i + 1));
        expect(claims).toEqual(
          cells.map((_, i) => ({ row_number: 10 * i + 1, error_code: 'nul_byte', message: `+ "a", ${i}` })),
        );
        expect(corrected.flatMap(({ errors }) => errors)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('escapes formulas so that no two texts become one, and nothing else', () => {
    fc.assert(
      fc.property(text, (some) => {
        const escaped = escapeFormula(some);
        expect(unescapeFormula(escaped)).toBe(some);
        expect(escaped).not.toMatch(/^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/);
        expect(["'" + some, some]).toContain(escaped);
      }),
    );
    expect(["it's", "'quoted'", '5-1', '', "'"].map(escapeFormula)).toEqual([
      "it's",
      "'quoted'",
      '5-1',
      '',
      "'",
    ]);
  });

  it.each<[string, string[], string[] | null]>([
    ['the plain one', ['a', 'row_number', 'column', 'value', 'error_code', 'message'], ['a']],
    [
      'one of a file with such columns',
      [
        'message',
        'message (reject)',
        'row_number',
        'column',
        'value',
        'error_code',
        'message (reject) (reject)',
      ],
      ['message', 'message (reject)'],
    ],
    ['no column of an inventory', ['row_number', 'column', 'value', 'error_code', 'message'], null],
    ['a reason missing', ['a', 'row_number', 'column', 'value', 'message'], null],
    ['another order', ['a', 'column', 'row_number', 'value', 'error_code', 'message'], null],
    ['something behind', ['a', 'row_number', 'column', 'value', 'error_code', 'message', 'b'], null],
    ['a mark without need', ['a', 'row_number (reject)', 'column', 'value', 'error_code', 'message'], null],
  ])('is told by its header: %s', (_, header, columns) => {
    const found: CorrectionsHeader | null = recogniseHeader(header);
    expect(found && [...found.columns.values()]).toEqual(columns);
  });

  it('reads a faulty cell of a reason as no fault of the row, and names a column as the inventory does', async () => {
    const csv =
      "'@x,b,row_number,column,value,error_code,message\n1,2,3,@x,\0,nul_byte,m\n\0,2,4,@x,y,nul_byte,m\n";
    const { corrected } = await imported(csv);
    expect(corrected).toMatchObject([
      { row_number: 1, corrects_row: 3, errors: [] },
      { row_number: 2, corrects_row: 4, errors: [{ column: '@x', code: 'nul_byte' }] },
    ]);
  });

  it.each([
    ['', null],
    [' ', null],
    [' 7 ', 7],
    ['0', 0],
    ['-7', 0],
    ['7.5', 0],
    ['seven', 0],
    ['99999999999999', 0],
  ])('takes %j for the row number %j', async (cell, corrects_row) => {
    const { corrected } = await imported(
      `a,row_number,column,value,error_code,message\nx,${cell},c,v,nul_byte,m\n`,
    );
    expect(corrected).toMatchObject([{ corrects_row }]);
  });
});
