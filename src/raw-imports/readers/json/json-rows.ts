import { BareRecord } from '../../../field-mapping/bare-record';
import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { excerpt } from '../excerpt';
import { LIMITS } from '../limits';
import type { RawRow } from '../raw-row';
import type { TableSummary } from '../table';
import type { TextChecks } from '../text-checks';
import { RecordParser } from './record-parser';
import type { UnreadableRecord } from './unreadable-record';

/** Turns JSON texts into rows, and gathers the columns, which no header names beforehand. */
export class JsonRows {
  private readonly columns = new Set<string>();
  private headerChars = 0;
  private rowNumber = 0;
  private emptyRows = 0;

  constructor(private readonly checks: TextChecks | null) {}

  /** Null for a record without any text, which is none. Throws UnreadableRecord. */
  row(text: string, line: number): RawRow | null {
    const record = new RecordParser(text, `the record of line ${line}`, this.checks);
    record.parse();
    const { cells, errors } = record;
    const columns = Object.keys(cells);
    if (errors.length === 0 && columns.every((column) => cells[column]?.trim() === '')) {
      this.emptyRows++;
      return null;
    }
    for (const column of columns) {
      if (this.columns.has(column)) continue;
      this.columns.add(column);
      this.headerChars += column.length;
    }
    if (this.headerChars > LIMITS.header_chars) {
      throw new UnreadableFileError(
        `Up to line ${line} the keys have ${this.headerChars} characters together; the limit is ${LIMITS.header_chars}.`,
      );
    }
    if (this.columns.size > LIMITS.columns) {
      throw new UnreadableFileError(
        `Up to line ${line} the records have ${this.columns.size} different keys; the limit is ${LIMITS.columns}.`,
      );
    }
    return { row_number: ++this.rowNumber, cells, errors };
  }

  /** The row of a text that no record could be read from. */
  rejected(text: string, line: number, { code, message, offset }: UnreadableRecord): RawRow {
    return {
      row_number: ++this.rowNumber,
      cells: new BareRecord(),
      errors: [
        {
          column: null,
          value: excerpt(text),
          code,
          message: `${message} (line ${line}, character ${offset + 1}).`,
        },
      ],
    };
  }

  skipEmpty(): void {
    this.emptyRows++;
  }

  summary(): Omit<TableSummary, 'detected'> {
    return { columns: [...this.columns], empty_rows_skipped: this.emptyRows };
  }
}
