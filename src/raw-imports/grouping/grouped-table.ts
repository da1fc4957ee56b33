import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { distinguishingValue } from '../distinguishing-value';
import { excerpt } from '../readers/excerpt';
import type { RawRow } from '../readers/raw-row';
import type { Table, TableSummary } from '../readers/table';
import { textHash } from '../text-hash';
import type { LastRows } from './find-last-rows';
import type { GroupedPart, GroupedRow } from './grouped-row';
import { mergeRows } from './merge-rows';

/** In characters of JSON, as rows wait for the rest of their group. */
const LIMITS = { waiting: 64 * 1024 * 1024, group: 8 * 1024 * 1024 } as const;

const CLOSED_AT_ONCE = 4 * 1024 * 1024;

/** What was made of rows that share a value. */
export interface Grouping {
  by: string;
  /** Rows that share theirs with another one. */
  rows: number;
  /** Records that these became. */
  groups: number;
}

/** The rows of a group as JSON: the cells as they were read may each keep a whole piece of the file in memory. */
interface OpenGroup {
  /** Of its first row. */
  row_number: number;
  parts: string[];
  chars: number;
}

/**
 * A table whose rows with the same value in a column are one row. A group is there after its last row, under the number
 * of its first; in between its rows wait in memory, within limits.
 */
export class GroupedTable {
  /** By hash, since it is a hash whose last row is known; then by value, so that two values never become one record. */
  private readonly open = new Map<number, Map<string, OpenGroup>>();
  private waiting = 0;
  private closed = 0;
  private rows = 0;
  private groups = 0;

  constructor(
    private readonly table: Table,
    private readonly by: string,
    private readonly lastRows: LastRows,
    private readonly limits: Readonly<Record<keyof typeof LIMITS, number>> = LIMITS,
  ) {}

  /** @throws UnreadableFileError, besides what the table throws, when rows that belong together stand too far apart. */
  async *batches(): AsyncGenerator<GroupedRow[]> {
    for await (const batch of this.table.batches()) {
      let complete: GroupedRow[] = [];
      for (const row of batch) {
        complete.push(...this.complete(row));
        // Groups may all end in one batch of rows, and together they may be large.
        if (this.closed < CLOSED_AT_ONCE) continue;
        yield complete;
        complete = [];
        this.closed = 0;
      }
      if (complete.length > 0) yield complete;
    }
  }

  summary(): TableSummary {
    return this.table.summary();
  }

  /** Holds only once the batches are consumed. */
  grouping(): Grouping {
    return { by: this.by, rows: this.rows, groups: this.groups };
  }

  /** What is complete with this row: itself, a group, or nothing yet. */
  private complete(row: RawRow): GroupedRow[] {
    const value = row.errors.length > 0 ? null : distinguishingValue(row.cells, this.by);
    if (value === null) return [{ ...row, grouped_rows: null }];
    const hash = textHash(value);
    const isLast = this.lastRows.get(hash) === row.row_number;
    const open = this.open.get(hash) ?? new Map<string, OpenGroup>();
    if (isLast && open.size === 0) return [{ ...row, grouped_rows: null }];
    this.open.set(hash, open);
    this.add(row, value, open);
    if (!isLast) return [];
    this.open.delete(hash);
    return [...open.values()].map((group) => this.close(group));
  }

  private add({ row_number, cells }: RawRow, value: string, open: Map<string, OpenGroup>): void {
    const part = JSON.stringify({ row_number, cells } satisfies GroupedPart);
    const group = open.get(value) ?? { row_number, parts: [], chars: 0 };
    open.set(value, group);
    group.parts.push(part);
    group.chars += part.length;
    this.waiting += part.length;
    if (group.chars > this.limits.group) {
      throw new UnreadableFileError(
        `The rows with "${excerpt(value)}" in the column "${excerpt(this.by)}" are more than ${megabytes(this.limits.group)}: ` +
          'too much for one record. Group by a column that tells machines apart.',
      );
    }
    if (this.waiting > this.limits.waiting) {
      throw new UnreadableFileError(
        `The rows that belong together by "${excerpt(this.by)}" stand too far apart: more than ` +
          `${megabytes(this.limits.waiting)} of them wait for others. Sort the file by this column and upload it again.`,
      );
    }
  }

  private close({ row_number, parts, chars }: OpenGroup): GroupedRow {
    this.waiting -= chars;
    this.closed += chars;
    const grouped_rows = parts.map((part) => JSON.parse(part) as GroupedPart);
    const cells = mergeRows(
      this.by,
      grouped_rows.map((part) => part.cells),
    );
    if (grouped_rows.length === 1) return { row_number, cells, errors: [], grouped_rows: null };
    this.rows += grouped_rows.length;
    this.groups++;
    return { row_number, cells, errors: [], grouped_rows };
  }
}

function megabytes(chars: number): string {
  return `${Math.round(chars / 1024 ** 2)} MB`;
}
