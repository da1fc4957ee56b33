import { BareRecord } from '../../field-mapping/bare-record';
import type { RawRow, RowError } from '../readers/raw-row';
import type { Table, TableSummary } from '../readers/table';
import { claimOf } from './claim-of';
import type { CorrectionsHeader } from './corrections-header';
import { unescapeFormula } from './formula-escape';

/** A row of the inventory again, and the number of the reject that it corrects, if it names one. */
export interface CorrectedRow extends RawRow {
  corrects_row: number | null;
}

/**
 * The inventory in a corrections file. The reasons are ours and no part of it, and formulas are as they were before
 * the rejects file escaped them.
 */
export class CorrectionsTable {
  private readonly reasons: ReadonlySet<string>;
  private rowNumber = 0;
  private blankRows = 0;

  constructor(
    private readonly table: Table,
    private readonly header: CorrectionsHeader,
    /** The import whose rejects these rows correct. */
    readonly import_id: string,
  ) {
    this.reasons = new Set(Object.values(header.reasons));
  }

  async *batches(): AsyncGenerator<CorrectedRow[]> {
    for await (const batch of this.table.batches()) yield batch.flatMap((row) => this.corrected(row) ?? []);
  }

  summary(): TableSummary {
    const { columns, empty_rows_skipped, detected } = this.table.summary();
    return {
      detected,
      columns: columns.filter((name) => !this.reasons.has(name)).map((name) => this.nameOf(name)),
      empty_rows_skipped: empty_rows_skipped + this.blankRows,
    };
  }

  /** Null where a person has emptied the row and left its reasons: a wholly empty row is no record. */
  private corrected(row: RawRow): CorrectedRow | null {
    const cells = new BareRecord();
    let blank = true;
    for (const [name, cell] of Object.entries(row.cells)) {
      if (this.reasons.has(name)) continue;
      const text = unescapeFormula(cell);
      cells[this.nameOf(name)] = text;
      blank &&= text.trim() === '';
    }
    const errors = row.errors.flatMap((error) => this.inventoryError(error) ?? []);
    if (blank && errors.length === 0) {
      this.blankRows++;
      return null;
    }
    const corrects_row = claimOf(row.cells, this.header)?.row_number ?? null;
    return { row_number: ++this.rowNumber, cells, errors, corrects_row };
  }

  /** Null for what is wrong with a reason only: nobody reads it any more. */
  private inventoryError(error: RowError): RowError | null {
    if (error.column === null) return error;
    return this.reasons.has(error.column) ? null : { ...error, column: this.nameOf(error.column) };
  }

  /** A column without a header gets its name when text is found under it, and keeps it. */
  private nameOf(name: string): string {
    return this.header.columns.get(name) ?? name;
  }
}
