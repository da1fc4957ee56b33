import { columnUnit } from './column-unit';

describe('columnUnit', () => {
  it('takes the unit from the header before it looks at the cells', () => {
    expect(columnUnit('memory_gb', 'RAM (GB)', ['4096', '8192'])).toBe('GB');
    expect(columnUnit('storage_gb', 'Provisioned MiB', [])).toBe('MB');
  });

  it.each([
    [['16777216', '8388608'], 'KB'],
    [['2048', '4096', '512', '16,384'], 'MB'],
    [['4', '16', '1024', '64'], 'GB'],
    [['256', '768', '1536'], 'GB'],
    [['4 GB', 'unknown', '-1', '8589934592'], null],
    [[], null],
  ])('takes the unit of a silent memory column from its cells %j: %s', (cells, unit) => {
    expect(columnUnit('memory_gb', 'Memory', cells)).toBe(unit);
  });

  it('knows no such rule for storage and cores', () => {
    expect(columnUnit('storage_gb', 'Disk', ['4096'])).toBeNull();
    expect(columnUnit('cpu_cores', 'Cores', ['4096'])).toBeNull();
  });
});
