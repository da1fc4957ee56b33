import { dateParts } from './date-parts';

describe('dateParts', () => {
  it.each([
    ['14', undefined, 'date'],
    ['20', undefined, 'time'],
    ['22', undefined, 'datetime'],
    ['46', undefined, 'duration'],
    ['0', undefined, null],
    ['164', 'yyyy-mm-dd', 'date'],
    ['164', 'mmm', 'date'],
    ['164', '[$-407]dd.mm.yyyy hh:mm;@', 'datetime'],
    ['164', 'mm:ss.0', 'time'],
    ['164', '[h]:mm', 'duration'],
    ['164', 'General', null],
    ['164', '#,##0.00 "days"', null],
    ['164', '0.00E+00', null],
    ['164', '[Red]0;[Blue]-0', null],
    ['164', '0\\h_d*s', null],
    ['164', '[$USD] 0', null],
  ])('of %s %j is %j', (id, code, parts) => {
    expect(dateParts(id, code)).toBe(parts);
  });
});
