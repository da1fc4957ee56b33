import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import type { LineEnds } from '../detected';
import { LIMITS } from '../limits';
import { USUAL_QUOTING, type Quoting } from './quoting';

const BACKSLASH = 0x5c;
const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const NOT_FOUND = Number.POSITIVE_INFINITY;

/**
 * Splits delimited text into records of cells, as Excel reads it and a little more kindly: any mixture of line ends,
 * blanks around a quoted cell, and quotes in the middle of an unquoted one (`Macbook Pro 13"`), which stay as they are.
 *
 * Our own, because csv-parse can accept a blank before a quote only by trimming every cell, names the wrong line for
 * a quote that never closes, and takes three times as long. The specs hold it against csv-parse as the oracle.
 */
export class DelimitedScanner {
  /** The line on which the record returned last begins. */
  line: number;

  private text = '';
  private position = 0;
  private ended = false;
  /** The next line that has not been read. */
  private nextLine: number;
  /** Where the next of each lies; behind `position` means not looked up yet. */
  private lineFeed = -1;
  private carriageReturn = -1;
  private quote = -1;
  /** How many records end in CRLF, in LF and in CR. */
  private readonly ends = { crlf: 0, lf: 0, cr: 0 };
  private readonly delimiterCode: number;
  private readonly quoteCode: number;

  constructor(
    delimiter: string,
    firstLine: number,
    private readonly quoting: Quoting = USUAL_QUOTING,
  ) {
    this.delimiterCode = delimiter.charCodeAt(0);
    this.quoteCode = quoting.quote.charCodeAt(0);
    this.line = firstLine;
    this.nextLine = firstLine;
  }

  push(chunk: string): void {
    this.text = this.text.slice(this.position) + chunk;
    this.position = 0;
    this.lineFeed = this.carriageReturn = this.quote = -1;
  }

  end(): void {
    this.ended = true;
  }

  get isEnded(): boolean {
    return this.ended;
  }

  /** The next record, or undefined when more text is needed or none is left. */
  next(): string[] | undefined {
    if (this.position >= this.text.length) return undefined;
    const start = this.position;
    this.line = this.nextLine;
    const lineEnd = this.findLineEnd();
    this.quote = this.lookUp(this.quoting.quote, this.quote);
    const cells = this.cells(lineEnd);
    if (cells === undefined) {
      this.position = start;
      this.nextLine = this.line;
      this.refuseOversized(this.text.length - start);
      return undefined;
    }
    this.refuseOversized(this.position - start, cells);
    return cells;
  }

  /** How the records end that were returned so far; null where none does. */
  lineEnds(): LineEnds | null {
    const [found, ...others] = (['crlf', 'lf', 'cr'] as const).filter((end) => this.ends[end] > 0);
    return others.length > 0 ? 'mixed' : (found ?? null);
  }

  private cells(lineEnd: number): string[] | undefined {
    if (this.quote > lineEnd) return this.splitLine(lineEnd);
    // Nothing in the text can end the record: no need to cut it into cells again for each chunk that comes.
    const cannotEnd = lineEnd === NOT_FOUND && this.quote === NOT_FOUND && !this.ended;
    return cannotEnd ? undefined : this.scanRecord();
  }

  private lookUp(char: string, known: number): number {
    if (known >= this.position) return known;
    const found = this.text.indexOf(char, this.position);
    return found === -1 ? NOT_FOUND : found;
  }

  private findLineEnd(): number {
    this.lineFeed = this.lookUp('\n', this.lineFeed);
    this.carriageReturn = this.lookUp('\r', this.carriageReturn);
    return Math.min(this.lineFeed, this.carriageReturn);
  }

  /** The fast way, for the great majority of lines, which hold no quote. */
  private splitLine(lineEnd: number): string[] | undefined {
    const { text, delimiterCode } = this;
    let from = this.position;
    if (!this.takeLineEnd(lineEnd)) return undefined;
    const cells: string[] = [];
    for (let at = from; at < lineEnd; at++) {
      if (text.charCodeAt(at) !== delimiterCode) continue;
      cells.push(text.slice(from, at));
      from = at + 1;
    }
    cells.push(text.slice(from, lineEnd));
    return cells;
  }

  /**
   * Undefined until the record's line end is there: what looks like the end of its last cell may be the first half of
   * a doubled quote.
   */
  private scanRecord(): string[] | undefined {
    const cells: string[] = [];
    for (;;) {
      const open = this.skipBlanks(this.position);
      const cell =
        this.text.charCodeAt(open) === this.quoteCode ? this.quotedCell(open) : this.plainCell(this.position);
      if (cell === undefined) return undefined;
      cells.push(cell);
      if (cells.length > LIMITS.columns) {
        throw new UnreadableFileError(`Line ${this.line} has more than ${LIMITS.columns} columns.`);
      }
      if (this.text.charCodeAt(this.position) !== this.delimiterCode) break;
      this.position++;
    }
    return this.takeLineEnd(this.position) ? cells : undefined;
  }

  private quotedCell(open: number): string | undefined {
    const { quote, backslash } = this.quoting;
    let close = this.text.indexOf(quote, open + 1);
    let doubled = false;
    for (; close !== -1; close = this.text.indexOf(quote, close + 1)) {
      if (backslash && this.isEscaped(close, open)) continue;
      if (this.text.charCodeAt(close + 1) !== this.quoteCode) break;
      doubled = true;
      close++;
    }
    if (close === -1) {
      this.refuseUnclosed(open);
      return undefined;
    }
    this.refuseLong(close - open);
    const after = this.skipBlanks(close + 1);
    const raw = this.text.slice(open + 1, close);
    const start = this.position;
    this.nextLine += countLineBreaks(raw);
    this.position = after;
    if (this.endsCell(after)) {
      const text = doubled ? raw.replaceAll(quote + quote, quote) : raw;
      return backslash ? text.replace(/\\(["\\])/g, '$1') : text;
    }
    // `"Pro 13" display`: text after the closing quote means that the quotes belong to the text.
    return this.plainCell(start);
  }

  /** Behind an odd number of backslashes. */
  private isEscaped(at: number, open: number): boolean {
    let from = at;
    while (from - 1 > open && this.text.charCodeAt(from - 1) === BACKSLASH) from--;
    return (at - from) % 2 === 1;
  }

  private refuseUnclosed(open: number): void {
    if (this.ended) {
      throw new UnreadableFileError(`The quote that opens a cell in line ${this.nextLine} is never closed.`);
    }
    this.refuseLong(this.text.length - open);
  }

  /** A quote that is doubled counts as two characters. */
  private refuseLong(length: number): void {
    if (length <= LIMITS.cell_chars) return;
    throw new UnreadableFileError(
      `The quoted cell that opens in line ${this.nextLine} is longer than ${LIMITS.cell_chars} characters; is its quote ever closed?`,
    );
  }

  /** Goes on from the position to the end of the cell that began at `start`. */
  private plainCell(start: number): string {
    while (!this.endsCell(this.position)) this.position++;
    return this.text.slice(start, this.position);
  }

  private skipBlanks(from: number): number {
    let at = from;
    for (;;) {
      const code = this.text.charCodeAt(at);
      if (code === this.delimiterCode || (code !== SPACE && code !== TAB)) return at;
      at++;
    }
  }

  private endsCell(at: number): boolean {
    if (at >= this.text.length) return true;
    const code = this.text.charCodeAt(at);
    return code === this.delimiterCode || code === LF || code === CR;
  }

  /** False where the line end has not arrived yet, or only the CR of what may be a CRLF. */
  private takeLineEnd(at: number): boolean {
    if (at >= this.text.length) {
      this.position = at;
      return this.ended;
    }
    if (this.text.charCodeAt(at) === CR) {
      if (at + 1 === this.text.length && !this.ended) return false;
      const isPair = this.text.charCodeAt(at + 1) === LF;
      this.ends[isPair ? 'crlf' : 'cr']++;
      at += isPair ? 1 : 0;
    } else {
      this.ends.lf++;
    }
    this.position = at + 1;
    this.nextLine++;
    return true;
  }

  private refuseOversized(length: number, cells: string[] = []): void {
    if (cells.length > LIMITS.columns) {
      throw new UnreadableFileError(
        `Line ${this.line} has ${cells.length} columns; the limit is ${LIMITS.columns}.`,
      );
    }
    if (length <= LIMITS.cell_chars) return;
    if (length > LIMITS.record_chars) {
      throw new UnreadableFileError(
        `The record in line ${this.line} is longer than ${LIMITS.record_chars} characters.`,
      );
    }
    const column = cells.findIndex((cell) => cell.length > LIMITS.cell_chars);
    if (column !== -1) {
      throw new UnreadableFileError(
        `Cell ${column + 1} in line ${this.line} is longer than ${LIMITS.cell_chars} characters.`,
      );
    }
  }
}

function countLineBreaks(text: string): number {
  return text.includes('\n') || text.includes('\r') ? text.split(/\r\n|\n|\r/).length - 1 : 0;
}
