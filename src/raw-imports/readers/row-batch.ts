import { LIMITS } from './limits';
import type { RawRow } from './raw-row';

/** What a cell takes besides its text. */
const CELL_CHARS = 32;

/** Gathers rows until they are many, or few that are long. */
export class RowBatch {
  private rows: RawRow[] = [];
  private chars = 0;

  /** @param chars what the row takes of memory, more or less. */
  add(row: RawRow, chars: number): void {
    this.rows.push(row);
    this.chars += chars;
  }

  /** Whether it is time to take the rows. */
  get isFull(): boolean {
    return this.rows.length >= LIMITS.rows_per_batch || this.chars >= LIMITS.chars_per_batch;
  }

  get isEmpty(): boolean {
    return this.rows.length === 0;
  }

  /** The rows so far; the batch is empty afterwards. */
  take(): RawRow[] {
    const { rows } = this;
    this.rows = [];
    this.chars = 0;
    return rows;
  }
}

export function charsOf(cells: readonly string[]): number {
  let chars = CELL_CHARS * cells.length;
  for (const cell of cells) chars += cell.length;
  return chars;
}
