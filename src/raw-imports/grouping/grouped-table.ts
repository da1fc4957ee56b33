import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { distinguishingValue } from '../distinguishing-value';
import { excerpt } from '../readers/excerpt';
import type { RawRow } from '../readers/raw-row';
import type { Table, TableSummary } from '../readers/table';
import { textHash } from '../text-hash';
import type { LastRows } from './find-last-rows';
import type { GroupedPart, GroupedRow } from './grouped-row';
import { mergeRows } from './merge-rows';

/** In characters of rows that wait for the rest of their group. */
const LIMITS = { waiting: 64 * 1024 * 1024, group: 8 * 1024 * 1024 } as const;
/** What a row that waits costs beside its text. */
const WAITING_ROW_CHARS = 200;

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
  value: string;
  /** Of its first row. */
  row_number: number;
  parts: string[];
  chars: number;
  /** Groups of other values with the same hash. Hardly ever there is one. */
  others: Map<string, OpenGroup> | null;
}

/**
 * A table whose rows with the same value in a column are one row. A group is there after its last row, under the number
 * of its first; in between its rows wait in memory, within limits.
 */
export class GroupedTable {
  /** By hash, since it is a hash whose last row is known. */
  private readonly open = new Map<number, OpenGroup>();
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
    if (value === null) return [alone(row)];
    const hash = textHash(value);
    const open = this.open.get(hash);
    if (this.lastRows.get(hash) !== row.row_number) {
      this.wait(row, this.groupOf(value, hash, row));
      return [];
    }
    if (open === undefined) return [alone(row)];
    this.open.delete(hash);
    const groups = [open, ...(open.others?.values() ?? [])];
    const others = groups.filter((group) => group.value !== value).map((group) => this.close(group, []));
    const own = groups.find((group) => group.value === value);
    return [...others, own === undefined ? alone(row) : this.close(own, [row])];
  }

  private groupOf(value: string, hash: number, { row_number }: RawRow): OpenGroup {
    const open = this.open.get(hash);
    const found = open?.value === value ? open : open?.others?.get(value);
    if (found !== undefined) return found;
    // A copy, for the same reason as the rows are JSON.
    const group: OpenGroup = { value: copyOf(value), row_number, parts: [], chars: 0, others: null };
    if (open === undefined) this.open.set(hash, group);
    else (open.others ??= new Map()).set(group.value, group);
    return group;
  }

  private wait({ row_number, cells }: RawRow, group: OpenGroup): void {
    const part = JSON.stringify({ row_number, cells } satisfies GroupedPart);
    const chars = part.length + WAITING_ROW_CHARS;
    group.parts.push(part);
    group.chars += chars;
    this.waiting += chars;
    if (group.chars > this.limits.group) {
      throw new UnreadableFileError(
        `The rows with "${excerpt(group.value)}" in the column "${excerpt(this.by)}" are more than ` +
          `${megabytes(this.limits.group)}: too much for one record. Group by a column that tells machines apart.`,
      );
    }
    if (this.waiting > this.limits.waiting) {
      throw new UnreadableFileError(
        `The rows that belong together by "${excerpt(this.by)}" stand too far apart: more than ` +
          `${megabytes(this.limits.waiting)} of them wait for others. Sort the file by this column and upload it again.`,
      );
    }
  }

  /** @param last the row that completes it, where that is one of its own. */
  private close({ row_number, parts, chars }: OpenGroup, last: RawRow[]): GroupedRow {
    this.waiting -= chars;
    this.closed += chars;
    const grouped_rows = [
      ...parts.map((part) => JSON.parse(part) as GroupedPart),
      ...last.map(({ row_number, cells }) => ({ row_number, cells })),
    ];
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

function alone(row: RawRow): GroupedRow {
  return { ...row, grouped_rows: null };
}

function copyOf(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

function megabytes(chars: number): string {
  return `${Math.round(chars / 1024 ** 2)} MB`;
}
