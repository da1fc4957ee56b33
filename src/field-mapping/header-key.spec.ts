import { headerKey } from './header-key';

describe('headerKey', () => {
  it.each([
    ['RAM (GB)', 'ram_gb'],
    ['RAM (GB)', 'Ram GiB'],
    ['Serial Number', 'serial-number '],
    ['Größe', 'GRÖSSE'],
  ])('%j and %j are the same header', (a, b) => {
    expect(headerKey(a)).toBe(headerKey(b));
  });

  it.each([
    ['RAM (GB)', 'RAM (MB)'],
    ['Disks', 'Disks GB'],
    ['IP', 'IP (2)'],
    ['#', '%%'],
    ['x'.repeat(300), 'x'.repeat(301)],
  ])('%j and %j are not', (a, b) => {
    expect(headerKey(a)).not.toBe(headerKey(b));
  });

  it('fits an index entry, however long the header is', () => {
    expect(headerKey('漢'.repeat(10_000)).length).toBeLessThanOrEqual(255);
    expect(headerKey(' '.repeat(10_000))).toBe('');
  });
});
