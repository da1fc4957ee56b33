import type { SkippedLine, SkipReason } from './detected';
import { excerpt } from './excerpt';
import { isFooter, isTotal } from './is-footer';
import { isRule } from './is-rule';
import { filledCells, isBlankLine, type TopLine } from './top-line';

/** As many of the lines that are no records are shown. */
const MOST_SHOWN = 20;
const SHOWN_CHARS = 200;
/** The longest footer. Only lines that could be of one are kept back until the file goes on. */
const LONGEST_FOOTER = 20;
/** Lines of text within it. */
const LONGEST_NOTE = 3;
const LONGEST_TEXT = 500;

interface TableStart {
  /** Empty where the file has no header. */
  header: readonly string[];
  /** Cells that are filled in a usual line. */
  width: number;
  preamble: readonly TopLine[];
  keep_footer: boolean;
}

/** Tells the records below a header from what stands between and below them. */
export class TableLines {
  footer_rows = 0;
  repeated_headers = 0;
  readonly skipped: SkippedLine[] = [];
  private readonly headerText: string;
  private readonly preamble: ReadonlySet<string>;
  private readonly narrow: number;
  /** Lines that may be the footer, unless the table goes on. */
  private held: TopLine[] = [];
  private isBelowHeader = true;

  constructor(
    private readonly start: TableStart,
    /** Takes each record, in the file's order. */
    private readonly emit: (line: TopLine) => void,
  ) {
    this.headerText = textOf(start.header);
    this.preamble = new Set(start.preamble.map(({ cells }) => textOf(cells)));
    this.narrow = Math.max(1, Math.ceil(start.width / 2));
    for (const line of start.preamble) this.skip(line, 'preamble');
  }

  push(line: TopLine): void {
    const { cells } = line;
    if (isBlankLine(cells)) {
      this.emit(line);
      return;
    }
    if (this.isBelowHeader && isRule(cells, this.start.width)) {
      this.skip(line, 'separator');
      return;
    }
    this.isBelowHeader = false;
    if (this.isHeader(cells)) {
      // A report that begins each page anew repeats what stands above and below its table as well.
      this.turnPage();
      this.repeated_headers++;
      this.skip(line, 'repeated_header');
      this.isBelowHeader = true;
      return;
    }
    if (this.start.keep_footer || !(isNarrow(cells, this.narrow) || isTotal(cells))) {
      if (this.held.length > 0) this.release();
      this.emit(line);
      return;
    }
    this.held.push(line);
    if (this.held.length > LONGEST_FOOTER) this.emit(this.held.shift() ?? line);
  }

  /** The file is over. */
  end(): void {
    let from = this.held.length;
    for (let at = from - 1; at >= 0; at--) {
      const cells = this.held[at]?.cells ?? [];
      if (isFooter(cells, this.start.width)) from = at;
      // A lone text above or below such a line belongs to it; a value in a column of several does not, nor do rows of
      // short lines.
      else if (filledCells(cells).length > 1 || this.start.width < 3 || from - at > LONGEST_NOTE) break;
    }
    const footer = this.held.splice(from);
    this.release();
    for (const line of footer) this.skip(line, 'footer');
    this.footer_rows += footer.length;
  }

  private isHeader(cells: readonly string[]): boolean {
    const { header } = this.start;
    if (this.start.width < 2 || (cells[0] ?? '').trim() !== (header[0] ?? '').trim()) return false;
    return textOf(cells) === this.headerText;
  }

  private release(): void {
    for (const line of this.held) this.emit(line);
    this.held = [];
  }

  /** Above a repeated header: the title of the page, and the foot of the one before. */
  private turnPage(): void {
    const isTitle = ({ cells }: TopLine): boolean => this.preamble.has(textOf(cells));
    let from = this.held.length;
    while (
      from > 0 &&
      this.held.slice(from - 1, from).some((line) => isTitle(line) || isFooter(line.cells, this.start.width))
    )
      from--;
    const between = this.held.splice(from);
    this.release();
    for (const line of between) {
      if (!isTitle(line)) this.footer_rows++;
      this.skip(line, isTitle(line) ? 'preamble' : 'footer');
    }
  }

  private skip({ number, cells }: TopLine, why: SkipReason): void {
    if (this.skipped.length >= MOST_SHOWN) return;
    const text = excerpt(filledCells(cells).join(' '), SHOWN_CHARS);
    this.skipped.push({ line: number, why, text });
  }
}

/** Without empty cells at the end, which spreadsheets add freely. */
function textOf(cells: readonly string[]): string {
  return cells
    .map((cell) => cell.trim())
    .join('\0')
    .replace(/\0+$/, '');
}

/** Whether at most so many cells are filled, and none at length, without a look at those behind them. */
function isNarrow(cells: readonly string[], most: number): boolean {
  let filled = 0;
  for (const cell of cells) {
    if (cell.length > LONGEST_TEXT) return false;
    if (cell !== '' && cell.trim() !== '' && ++filled > most) return false;
  }
  return true;
}
