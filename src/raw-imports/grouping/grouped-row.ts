import type { RawRow } from '../readers/raw-row';

/** A row of a file that became part of a record, as it came. */
export interface GroupedPart {
  row_number: number;
  cells: Record<string, string>;
}

export interface GroupedRow extends RawRow {
  /** Null of a row that stands alone. */
  grouped_rows: GroupedPart[] | null;
}
