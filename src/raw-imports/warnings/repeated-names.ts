import type { ImportWarning } from '../data-import.entity';
import { distinguishingValue } from '../distinguishing-value';
import { excerpt } from '../readers/excerpt';
import type { RawRow } from '../readers/raw-row';
import { textHash } from '../text-hash';

/** Different names that are counted; some 5 MB of memory. */
const MOST_NAMES = 100_000;

/** Counts how often each name in a column comes, among the first so many different ones. */
export class RepeatedNames {
  private readonly counts = new Map<number, number>();
  private hasMore = false;

  constructor(
    readonly column: string,
    private readonly mostNames = MOST_NAMES,
  ) {}

  watch(rows: readonly RawRow[]): void {
    for (const { cells } of rows) {
      const name = distinguishingValue(cells, this.column);
      if (name === null) continue;
      const hash = textHash(name);
      const count = this.counts.get(hash);
      if (count === undefined && this.counts.size === this.mostNames) this.hasMore = true;
      else this.counts.set(hash, (count ?? 0) + 1);
    }
  }

  warnings(): ImportWarning[] {
    const repeated = [...this.counts.values()].filter((count) => count > 1);
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
