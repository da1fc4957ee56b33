import { LIMITS } from './limits';
import type { RawRow } from './raw-row';
import { charsOf, RowBatch } from './row-batch';

const row = (row_number: number): RawRow => ({ row_number, cells: {}, errors: [] });

describe('a batch of rows', () => {
  it('is full with many short rows', () => {
    const batch = new RowBatch();
    for (let n = 1; n <= LIMITS.rows_per_batch; n++) {
      expect(batch.isFull).toBe(false);
      batch.add(row(n), 10);
    }
    expect(batch.isFull).toBe(true);
    expect(batch.take()).toHaveLength(LIMITS.rows_per_batch);
    expect(batch.isEmpty).toBe(true);
  });

  it('is full with few long ones, and begins anew', () => {
    const batch = new RowBatch();
    const half = LIMITS.chars_per_batch / 2;
    for (const n of [1, 3]) {
      batch.add(row(n), half);
      expect(batch.isFull).toBe(false);
      batch.add(row(n + 1), half);
      expect(batch.isFull).toBe(true);
      expect(batch.take()).toEqual([row(n), row(n + 1)]);
    }
  });

  it('counts cells that are empty', () => {
    expect(charsOf(['', 'abc', ''])).toBeGreaterThan(charsOf(['abc']));
  });
});
