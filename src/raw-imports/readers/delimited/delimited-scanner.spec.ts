import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import { DelimitedScanner } from './delimited-scanner';

function scan(chunks: string[], delimiter = ','): string[][] {
  const scanner = new DelimitedScanner(delimiter, 1);
  const records: string[][] = [];
  const drain = (): void => {
    for (let record = scanner.next(); record !== undefined; record = scanner.next()) records.push(record);
  };
  for (const chunk of chunks) {
    scanner.push(chunk);
    drain();
  }
  scanner.end();
  drain();
  return records;
}

describe('DelimitedScanner', () => {
  it.each([
    [
      'line ends of every kind',
      'a,b\nc,d\r\ne,f\rg,h',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
        ['g', 'h'],
      ],
    ],
    ['empty lines', 'a\n\n\r\n\rb\n', [['a'], [''], [''], [''], ['b']]],
    [
      'empty cells',
      ',,\n"",\n',
      [
        ['', '', ''],
        ['', ''],
      ],
    ],
    ['line breaks and doubled quotes in quotes', '"a\r\n""b""",c\n', [['a\r\n"b"', 'c']]],
    ['blanks around a quoted cell', 'a, "b, c" ,d\n', [['a', 'b, c', 'd']]],
    ['blanks of unquoted cells', ' a ,\tb \n', [[' a ', '\tb ']]],
    ['an inch sign', 'Macbook Pro 13",x\n', [['Macbook Pro 13"', 'x']]],
    ['a quote in the middle of a cell', 'a"b,c"d"e\n', [['a"b', 'c"d"e']]],
    ['text behind a closing quote', '"Pro, 13" display,x\n', [['"Pro, 13" display', 'x']]],
    ['a quoted cell at the very end', 'a,"b"', [['a', 'b']]],
    ['a lone delimiter at the very end', 'a,', [['a', '']]],
  ])('reads %s', (_, text, records) => {
    expect(scan([text])).toEqual(records);
  });

  it('keeps a tab as the delimiter where blanks are skipped', () => {
    expect(scan(['\t"a"\t \t"b"\n'], '\t')).toEqual([['', 'a', ' ', 'b']]);
  });

  const text = fc
    .array(fc.constantFrom('a', 'é', '"', '""', ',', ';', '\n', '\r', '\r\n', ' ', '\t', '"x"', ',"', '",'))
    .map((parts) => parts.join(''));

  it('reads the same however the text is cut into chunks', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 5 }), (whole, cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const chunks = at.slice(1).map((end, i) => whole.slice(at[i], end));
        const attempt = (parts: string[]): unknown => {
          try {
            return scan(parts);
          } catch (error) {
            return String(error);
          }
        };
        expect(attempt(chunks)).toEqual(attempt([whole]));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads well-formed text as csv-parse does', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '.', '-') });
    const cell = fc.oneof(
      plain,
      fc
        .array(fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é'))
        .map((parts) => `"${parts.join('').replaceAll('"', '""')}"`),
    );
    const line = fc.tuple(fc.array(cell, { minLength: 1 }), fc.constantFrom('\n', '\r\n', '\r'));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const whole = lines.map(([cells, end]) => cells.join(',') + end).join('');
        const oracle = parse(whole, {
          record_delimiter: ['\r\n', '\n', '\r'],
          relax_column_count: true,
        });
        expect(scan([whole])).toEqual(oracle);
      }),
      { numRuns: 1000 },
    );
  });

  it('names the line on which a quote opened that is never closed', () => {
    expect(() => scan(['a,b\n"x\ny",z\r\nc,"d\n', 'e\nf\n'])).toThrow(/quote that opens a cell in line 4 /);
  });

  it('counts lines by what ends them, also within quotes', () => {
    const scanner = new DelimitedScanner(',', 3);
    scanner.push('a\r\n"b\r\nc\rd"\ne\n');
    const lines: number[] = [];
    while (scanner.next()) lines.push(scanner.line);
    expect(lines).toEqual([3, 4, 7]);
  });

  const many = (count: number): string => 'x'.repeat(count);
  it.each([
    ['too many columns', `a\n${','.repeat(4096)}\n`, /Line 2 has 4097 columns/],
    ['a cell that is too long', `a\nb,${many(2 ** 20 + 1)}\n`, /Cell 2 in line 2 is longer/],
    ['a quote that is not closed for too long', `a\n"${many(2 ** 20)}`, /opens in line 2 is longer/],
    ['a record that is too long', `a\n${`${many(2 ** 19)},`.repeat(17)}`, /record in line 2 is longer/],
  ])('refuses %s with its line', (_, whole, message) => {
    const chunks = whole.match(/[^]{1,65536}/g) ?? [];
    expect(() => scan(chunks)).toThrow(message);
  });

  it('takes cells and records of exactly the limit', () => {
    expect(scan([`${many(2 ** 20)}\n${','.repeat(4095)}\n`]).map((record) => record.length)).toEqual([
      1, 4096,
    ]);
  });
});
