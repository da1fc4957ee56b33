import fc from 'fast-check';

import { ColumnNames } from './column-names';

describe('ColumnNames', () => {
  it.each([
    [
      ['IP', 'IP', 'IP'],
      ['IP', 'IP (2)', 'IP (3)'],
    ],
    [
      ['IP', 'IP', 'IP (2)'],
      ['IP', 'IP (3)', 'IP (2)'],
    ],
    [
      [' Free % ', 'Free %'],
      ['Free %', 'Free % (2)'],
    ],
    [['Hardware Vendor\nTest Sponsor'], ['Hardware Vendor\nTest Sponsor']],
  ])('names %j %j', (headers, names) => {
    expect(new ColumnNames(headers).list()).toEqual(names);
  });

  it('gives a column without a header a name once it is needed, never that of another', () => {
    const names = new ColumnNames(['', 'column_1', 'a']);
    expect(names.list()).toEqual(['column_1', 'a']);
    expect([names.require(0), names.require(4)]).toEqual(['column_1 (2)', 'column_5']);
    expect(names.list()).toEqual(['column_1 (2)', 'column_1', 'a', 'column_5']);
  });

  it('keeps all columns apart and every first header as it is', () => {
    const header = fc.constantFrom('a', 'a ', 'a (2)', 'a (3)', 'column_2', 'column_2 (2)', '', '__proto__');
    fc.assert(
      fc.property(fc.array(header), (headers) => {
        const names = new ColumnNames(headers);
        const all = headers.map((_, position) => names.require(position));
        expect(new Set(all).size).toBe(headers.length);
        for (const name of new Set(headers.map((one) => one.trim()).filter((one) => one !== ''))) {
          expect(all[headers.findIndex((one) => one.trim() === name)]).toBe(name);
        }
      }),
    );
  });
});
