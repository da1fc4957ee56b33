import type { ImportWarning } from '../data-import.entity';
import { distinguishingValue } from '../distinguishing-value';
import { excerpt } from '../readers/excerpt';
import type { RawRow } from '../readers/raw-row';
import { textHash } from '../text-hash';
import { NumberCounts } from './number-counts';

/** Different names that are counted; some 3 MB of memory. */
const MOST_NAMES = 100_000;

/** Counts how often each name in a column comes, among the first so many different ones. */
export class RepeatedNames {
  private readonly counts: NumberCounts;
  private hasMore = false;

  constructor(
    readonly column: string,
    mostNames = MOST_NAMES,
  ) {
    this.counts = new NumberCounts(mostNames);
  }

  watch(rows: readonly RawRow[]): void {
    for (const { cells } of rows) {
      const name = distinguishingValue(cells, this.column);
      if (name !== null && !this.counts.add(textHash(name))) this.hasMore = true;
    }
  }

  warnings(): ImportWarning[] {
    const repeated = this.counts.aboveOne();
    if (repeated.length === 0) return [];
    const rows = repeated.reduce((sum, count) => sum + count, 0);
    const values = repeated.length === 1 ? 'One value' : `${repeated.length} values`;
    const column = excerpt(this.column);
    return [
      {
        code: 'several_rows_per_machine',
        message:
          `${this.hasMore ? `At least ${values.toLowerCase()}` : values} of "${column}" ` +
          `${repeated.length === 1 ? 'stands' : 'stand'} on ${rows} rows; ` +
          `?group_by=${encodeURIComponent(column.toWellFormed())} makes one record of each, or every further row becomes ` +
          'a duplicate or a conflict.',
      },
    ];
  }
}
