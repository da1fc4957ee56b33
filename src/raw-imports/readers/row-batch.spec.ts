import { LIMITS } from './limits';
import type { RawRow } from './raw-row';
import { charsOf, RowBatch } from './row-batch';

const row = (row_number: number): RawRow => ({ row_number, cells: {}, errors: [] });

describe('a batch of rows', () => {
  it('is full with many short rows', () => {
    const batch = new RowBatch();
    for (let n = 1; n < LIMITS.rows_per_batch; n++) expect(batch.add(row(n), 10)).toBeNull();
    expect(batch.add(row(LIMITS.rows_per_batch), 10)).toHaveLength(LIMITS.rows_per_batch);
    expect(batch.isEmpty).toBe(true);
  });

  it('is full with few long ones, and begins anew', () => {
    const batch = new RowBatch();
    const half = LIMITS.chars_per_batch / 2;
    for (const n of [1, 3]) {
      expect(batch.add(row(n), half)).toBeNull();
      expect(batch.add(row(n + 1), half)).toEqual([row(n), row(n + 1)]);
    }
  });

  it('counts cells that are empty', () => {
    expect(charsOf(['', 'abc', ''])).toBeGreaterThan(charsOf(['abc']));
  });
});
