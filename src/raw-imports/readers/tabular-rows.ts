import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { BareRecord } from '../../field-mapping/bare-record';
import { ColumnNames } from './column-names';
import type { Detected } from './detected';
import { excerpt } from './excerpt';
import { LIMITS } from './limits';
import type { RowError } from './raw-row';
import { charsOf, RowBatch } from './row-batch';
import { storableText } from './storable-text';
import { TableLines } from './table-lines';
import type { TableStart } from './table-start';
import type { TextChecks } from './text-checks';
import { isBlankLine, type TopLine } from './top-line';

/** What of `Detected` lines and cells show, whatever file they came in. */
type DetectedLines = Omit<Detected, 'encoding' | 'delimiter' | 'line_ends' | 'sheet'>;

/** Turns the lines of a table, as cells by position, into rows by column name. */
export class TabularRows {
  /** The rows that are complete. */
  readonly batch = new RowBatch();
  private readonly names: ColumnNames;
  private readonly headerWidth: number;
  private readonly lines: TableLines;
  /** Lines that are not empty and still stand above the first record. */
  private above: number;
  private rowNumber = 0;
  private emptyRows = 0;

  /** `checks` is null where the bytes have shown already that every text can be stored. */
  constructor(
    private readonly start: TableStart,
    private readonly checks: TextChecks | null,
    { keep_footer }: { keep_footer: boolean },
  ) {
    const { header, header_row, preamble } = start;
    refuseLongHeader(header);
    this.names = new ColumnNames(
      header.map((name) =>
        checks ? storableText(name, checks, [], { column: null, place: 'the header' }) : name,
      ),
    );
    this.headerWidth = header_row === null ? Infinity : header.length;
    this.above = header_row === null ? 0 : preamble.length + 1;
    this.lines = new TableLines({ ...start, keep_footer }, (line) => {
      this.add(line);
    });
  }

  get isBelowHeader(): boolean {
    return this.above === 0;
  }

  /** Takes the next line of the file. */
  push(line: TopLine): void {
    if (this.above === 0) this.lines.push(line);
    else if (!isBlankLine(line.cells)) this.above--;
  }

  /** To be called once, after the last line. */
  end(): void {
    this.lines.end();
  }

  /** Counts empty lines that the file leaves out. */
  skipEmpty(count: number): void {
    this.emptyRows += count;
  }

  columns(): string[] {
    return this.names.list();
  }

  summary(): { columns: string[]; empty_rows_skipped: number; lines: DetectedLines } {
    const { header_row, preamble } = this.start;
    const columns = this.names.list();
    const { footer_rows, repeated_headers, skipped } = this.lines;
    return {
      columns,
      empty_rows_skipped: this.emptyRows,
      lines: {
        header_row,
        preamble_rows: preamble.length,
        footer_rows,
        repeated_headers,
        empty_columns: this.names.width - columns.length,
        skipped_lines: skipped,
      },
    };
  }

  /** A wholly empty line is no record. */
  private add({ number, cells }: TopLine): void {
    if (isBlankLine(cells)) {
      this.emptyRows++;
      return;
    }
    const errors: RowError[] = [];
    const named = new BareRecord();
    const extra: string[] = [];
    cells.forEach((value, position) => {
      let name = this.names.at(position);
      if (name === undefined || position >= this.headerWidth) {
        if (isBlank(value)) return;
        name = this.names.require(position);
        if (position >= this.headerWidth) extra.push(value);
      }
      named[name] = this.checks
        ? storableText(value, this.checks, errors, { column: name, place: `line ${number}` })
        : value;
    });
    if (extra.length > 0) errors.unshift(this.tooManyCells(extra, cells.length, number));
    if (this.start.width > 2 && isComment(cells)) errors.unshift(comment(cells, number));
    this.batch.add({ row_number: ++this.rowNumber, cells: named, errors }, charsOf(cells));
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

/**
 * A lone text behind a `#`; a record that is commented out may be worth having. A bare `#` beside empty cells is what
 * somebody keyed into one of them.
 */
function isComment([first = '', ...others]: readonly string[]): boolean {
  return first.startsWith('#') && isBlankLine(others) && (first.trim() !== '#' || others.length === 0);
}

function comment(cells: readonly string[], line: number): RowError {
  return {
    column: null,
    value: excerpt(cells.join(', ')),
    code: 'comment',
    message: `Line ${line} begins with "#", as a comment does. Take the "#" away if it is a record.`,
  };
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
