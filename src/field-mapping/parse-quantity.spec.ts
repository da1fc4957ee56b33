import { parseDecimal } from './parse-decimal';
import fc from 'fast-check';
import type { ByteUnit } from './byte-unit';
import { parseQuantity } from './parse-quantity';

describe('parseQuantity', () => {
  it.each([
    ['61.2 GiB', 61.2],
    ['4 GB', 4],
    ['4096MB', 4],
    ['512 KB', 512 / 1024 / 1024],
    ['2 TB', 2048],
    ['1 PB', 1024 * 1024],
    ['8589934592 bytes', 8],
    ['8589934592 B', 8],
    ['16Gi', 16],
    ['512M', 0.5],
    ['1.024,5 MByte', 1024.5 / 1024],
    ['2 Terabytes', 2048],
    ['4096 Mbytes', 4],
  ])('converts %s of memory in binary steps', (text, gigabytes) => {
    expect(parseQuantity(text, 'memory_gb', null)).toBe(gigabytes);
  });

  it.each([
    ['12.5 GB / 40 GB', 40],
    ['40 GB / 12.5 GB', 40],
    ['512 MB/2 GB', 2],
    ['12,5 / 40', 40],
    ['12 / 40 GB (31 %)', 40],
    ['12.5 GB of 40 GB', 40],
    ['500 MB / 512 MB', 0.5],
    ['8 Go', 8],
    ['N/A / 40 GB', null],
  ])('takes the total of %s', (text, gigabytes) => {
    expect(parseQuantity(text, 'storage_gb', null)).toBe(gigabytes);
  });

  it('lets the unit of the cell beat the unit of the column', () => {
    expect(parseQuantity('4 GB', 'memory_gb', 'MB')).toBe(4);
    expect(parseQuantity('4096', 'memory_gb', 'MB')).toBe(4);
    expect(parseQuantity('4096', 'memory_gb', 'GB')).toBe(4096);
  });

  it.each([
    ['memory_gb', '768', 768],
    ['memory_gb', '1023.5', 1023.5],
    ['memory_gb', '1024', null],
    ['memory_gb', '4095', null],
    ['memory_gb', '4096', 4],
    ['memory_gb', '8589934592', 8],
    ['storage_gb', '4096', 4096],
    ['storage_gb', '9.13E+11', 9.13e11 / 2 ** 30],
  ] as const)('reads a bare %s of %s as %s GB', (field, text, gigabytes) => {
    expect(parseQuantity(text, field, null)).toBe(gigabytes);
  });

  it.each([
    ['8', 8],
    ['2.5', 2.5],
    ['500m', 0.5],
    ['4 vCPU', 4],
    ['8 cores', 8],
    ['16 Kerne', 16],
    ['4 GB', null],
    ['4 GHz', null],
    ['2 x Xeon', null],
    ['16 M', null],
  ])('reads %s as %s cores', (text, cores) => {
    expect(parseQuantity(text, 'cpu_cores', null)).toBe(cores);
  });

  it.each(['-1', '-4 GB', '1e999', 'EBS-Only', '2 x 900 NVMe SSD', '4 GHz', '8 GB / GB', 'GB', ''])(
    'has no storage for %j',
    (text) => {
      expect(parseQuantity(text, 'storage_gb', 'GB')).toBeNull();
    },
  );

  it('is a finite number of at least zero or null, whatever the cell', () => {
    const units = fc.constantFrom<(ByteUnit | null)[]>(null, 'B', 'KB', 'MB', 'GB', 'TB', 'PB');
    const fields = fc.constantFrom('cpu_cores', 'memory_gb', 'storage_gb');
    const cells = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[-+]?[\d.,' ]{1,9}(E[+-]?\d{1,4})? ?[kMGTPi]{0,2}B?$/),
    );
    fc.assert(
      fc.property(cells, fields, units, (cell, field, unit) => {
        const quantity = parseQuantity(cell, field, unit);
        if (quantity === null) return;
        expect(Number.isFinite(quantity)).toBe(true);
        expect(quantity).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each(['1', '1 ', '1,', '10.', '1 G', '1e', 'a1'])(
    'takes a million characters of %j for a text, at once',
    (part) => {
      const text = `${part.repeat(1_000_000 / part.length)}x`;
      expect(parseQuantity(text, 'memory_gb', 'GB')).toBeNull();
      expect(parseDecimal(text)).toBeNull();
    },
    20_000,
  );
});
