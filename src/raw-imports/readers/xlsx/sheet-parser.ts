import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { PayloadTooLargeError } from '../../../errors/payload-too-large.error';
import { excerpt } from '../excerpt';
import { LIMITS } from '../limits';
import type { DateParts } from './date-parts';
import { momentText } from './moment-text';
import { numberText } from './number-text';
import { RichText } from './rich-text';
import type { SharedStrings } from './shared-strings';
import { unescapeControls } from './unescape-controls';
import { XmlReader } from './xml-reader';

/** Of any sheet, by the format's own limit. */
const LAST_ROW = 1_048_576;
/** What a cell that the sheet leaves out takes in the row that is stored, where it stands by the name of its column. */
const BLANK_CHARS = 16;

export interface SheetRow {
  /** As Excel numbers it. */
  number: number;
  /** From column A on, without empty ones at the end. */
  cells: string[];
}

/** What the cells of a sheet refer to. */
export interface CellContext {
  /** Null where the workbook has none. */
  sharedStrings: SharedStrings | null;
  /** The most characters that cells may have together: a text may be referred to again and again. */
  maxChars: number;
  dateStyles: ReadonlyMap<string, DateParts>;
  date1904: boolean;
}

/** Turns the XML of a sheet into rows of text. Ranges that the sheet declares often lie, so they are not read. */
export class SheetParser {
  private readonly xml: XmlReader;
  private readonly inline = new RichText(() => {
    throw this.refusal('is longer than the limit');
  });
  private finished: SheetRow[] = [];
  private row: SheetRow = { number: 0, cells: [] };
  private rowChars = 0;
  private chars = 0;
  private column = -1;
  private type = 'n';
  private style = '';
  private value = '';
  private inValue = false;

  constructor(
    part: string,
    private readonly context: CellContext,
  ) {
    this.xml = new XmlReader(part, {
      open: (name, attributes) => {
        this.open(name, attributes);
      },
      text: (text) => {
        if (this.inValue) this.addToValue(text);
        else this.inline.add(text);
      },
      close: (name) => {
        this.close(name);
      },
    });
  }

  /** The rows that end within these bytes. */
  write(bytes: Buffer): SheetRow[] {
    this.xml.write(bytes);
    const rows = this.finished;
    this.finished = [];
    return rows;
  }

  end(): void {
    this.xml.end();
  }

  private open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row':
        this.row = { number: this.rowNumber(attributes.r), cells: [] };
        this.rowChars = 0;
        this.column = -1;
        return;
      case 'c':
        this.column = this.columnOf(attributes.r);
        this.type = attributes.t ?? 'n';
        this.style = attributes.s ?? '0';
        this.value = '';
        return;
      case 'v':
        this.inValue = true;
        return;
      default:
        this.inline.open(name);
    }
  }

  private rowNumber(reference: string | undefined): number {
    const number = reference === undefined ? this.row.number + 1 : Number(reference);
    if (Number.isInteger(number) && number >= 1 && number <= LAST_ROW) return number;
    throw new UnreadableFileError(`The workbook is damaged: a sheet cannot have a row "${number}".`);
  }

  private columnOf(reference: string | undefined): number {
    if (reference === undefined) return this.column + 1;
    const column = columnIndex(reference);
    if (column >= 0) return column;
    throw new UnreadableFileError(
      `The workbook is damaged: a sheet cannot have a cell "${excerpt(reference)}".`,
    );
  }

  private close(name: string): void {
    switch (name) {
      case 'row':
        this.finished.push(this.row);
        return;
      case 'c':
        this.place(this.cellText());
        return;
      case 'v':
        this.inValue = false;
        return;
      default:
        this.inline.close(name);
    }
  }

  private addToValue(text: string): void {
    this.value += text;
    if (this.value.length > LIMITS.cell_chars) throw this.refusal('is longer than the limit');
  }

  private cellText(): string {
    const inline = this.inline.take();
    switch (this.type) {
      case 's':
        return this.sharedString();
      case 'inlineStr':
        return unescapeControls(inline);
      case 'b':
        return this.value === '' ? '' : this.value === '0' || this.value === 'false' ? 'FALSE' : 'TRUE';
      case 'n':
        return this.numeric();
      default:
        return unescapeControls(this.value);
    }
  }

  private sharedString(): string {
    // Number('') is the first one's.
    if (this.value.trim() === '') return '';
    const text = this.context.sharedStrings?.at(Number(this.value));
    if (text === undefined) throw this.refusal(`refers to shared text ${this.value}, which is missing`);
    return text;
  }

  private numeric(): string {
    if (this.value === '') return '';
    const parts = this.context.dateStyles.get(this.style);
    const moment = parts && momentText(Number(this.value), parts, this.context.date1904);
    return moment ?? numberText(this.value);
  }

  private place(text: string): void {
    if (text === '') return;
    this.rowChars += text.length;
    this.chars += text.length;
    if (this.column >= LIMITS.columns)
      throw this.refusal(`lies beyond the limit of ${LIMITS.columns} columns`);
    if (text.length > LIMITS.cell_chars || this.rowChars > LIMITS.record_chars) {
      throw this.refusal('is longer than the limit');
    }
    if (this.chars > this.context.maxChars) {
      throw new PayloadTooLargeError(
        `Up to row ${this.row.number} the cells have ${this.chars} characters, which is far more than the file has.`,
      );
    }
    for (; this.row.cells.length < this.column; this.chars += BLANK_CHARS) this.row.cells.push('');
    this.row.cells[this.column] = text;
  }

  private refusal(reason: string): UnreadableFileError {
    return new UnreadableFileError(`Cell ${this.column + 1} in row ${this.row.number} ${reason}.`);
  }
}

/** 27 for `AB7`; -1 where the reference has no letters. */
function columnIndex(reference: string): number {
  let index = 0;
  for (let at = 0; ; at++) {
    const letter = (reference.charCodeAt(at) & ~0x20) - 0x40;
    if (!(letter >= 1 && letter <= 26)) return index - 1;
    index = index * 26 + letter;
  }
}
