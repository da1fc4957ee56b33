import fc from 'fast-check';
import { parseDecimal } from './parse-decimal';

describe('parseDecimal', () => {
  it.each([
    ['4', 4],
    ['0.29', 0.29],
    ['.5', 0.5],
    ['4.', 4],
    ['+7', 7],
    ['-1', -1],
    ['9.13E+11', 9.13e11],
    ['9,13E+11', 9.13e11],
    ['1,200', 1200],
    ['1,200,300', 1_200_300],
    ['1,200.5', 1200.5],
    ['1.200', 1.2],
    ['1.200,5', 1200.5],
    ['1.200.300', 1_200_300],
    ['1 200', 1200],
    ['1\u00a0200,5', 1200.5],
    ["1'200.5", 1200.5],
    ['0,29', 0.29],
    ['0,290', 0.29],
    ['12,5', 12.5],
    ['1200,500', 1200.5],
  ])('reads %s', (text, number) => {
    expect(parseDecimal(text)).toBe(number);
  });

  it.each([
    '',
    '-',
    'four',
    '1,2,3',
    '1,20,300',
    '1.200,5,6',
    '12 34',
    '0x10',
    'Infinity',
    'NaN',
    '1e',
    '10.0.0.1',
    '4 GB',
  ])('does not take %j for a number', (text) => {
    expect(parseDecimal(text)).toBeNull();
  });

  it('reads back what English and German software prints', () => {
    const cents = fc.integer({ min: -1e12, max: 1e12 }).map((n) => n / 100);
    fc.assert(
      fc.property(cents, fc.constantFrom('en-US', 'de-DE', 'de-CH', 'fr-FR'), (number, locale) => {
        const printed = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(number);
        expect(parseDecimal(printed)).toBeCloseTo(number, 5);
      }),
    );
  });
});
