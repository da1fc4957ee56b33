import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { ColumnNames } from './column-names';
import { excerpt } from './excerpt';
import { LIMITS } from './limits';
import type { RawRow, RowError } from './raw-row';
import { storableText } from './storable-text';
import type { TableSummary } from './table';
import type { TextChecks } from './text-checks';

/** Turns the lines below a header, as cells by position, into rows by column name. */
export class TabularRows {
  private readonly names: ColumnNames;
  private readonly headerWidth: number;
  private rowNumber = 0;
  private emptyRows = 0;

  /** `checks` is null where the bytes have shown already that every text can be stored. */
  constructor(
    header: string[],
    private readonly checks: TextChecks | null,
  ) {
    refuseLongHeader(header);
    this.names = new ColumnNames(
      header.map((name) =>
        checks ? storableText(name, checks, [], { column: null, place: 'the header' }) : name,
      ),
    );
    this.headerWidth = header.length;
  }

  /** Null for a wholly empty line, which is no record. `line` is the place that messages name. */
  row(cells: string[], line: number): RawRow | null {
    if (cells.every(isBlank)) {
      this.emptyRows++;
      return null;
    }
    const errors: RowError[] = [];
    const named = Object.create(null) as Record<string, string>;
    const extra: string[] = [];
    cells.forEach((value, position) => {
      let name = this.names.at(position);
      if (name === undefined || position >= this.headerWidth) {
        if (isBlank(value)) return;
        name = this.names.require(position);
        if (position >= this.headerWidth) extra.push(value);
      }
      named[name] = this.checks
        ? storableText(value, this.checks, errors, { column: name, place: `line ${line}` })
        : value;
    });
    if (extra.length > 0) errors.unshift(this.tooManyCells(extra, cells.length, line));
    return { row_number: ++this.rowNumber, cells: named, errors };
  }

  /** Counts empty lines that the file leaves out. */
  skipEmpty(count: number): void {
    this.emptyRows += count;
  }

  summary(): TableSummary {
    return { columns: this.names.list(), empty_rows_skipped: this.emptyRows };
  }

  private tooManyCells(extra: string[], width: number, line: number): RowError {
    return {
      column: null,
      value: excerpt(extra.join(', ')),
      code: 'too_many_cells',
      message: `Line ${line} has ${width} cells under ${this.headerWidth} headers.`,
    };
  }
}

function refuseLongHeader(header: string[]): void {
  const chars = header.reduce((sum, name) => sum + name.length, 0);
  if (chars <= LIMITS.header_chars) return;
  throw new UnreadableFileError(
    `The names of the columns have ${chars} characters together; the limit is ${LIMITS.header_chars}.`,
  );
}

function isBlank(text: string): boolean {
  return text === '' || text.trim() === '';
}
