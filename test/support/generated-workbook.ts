import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { workbookParts } from '../../src/raw-imports/readers/xlsx/workbook-parts.spec-helper';
import { ZipWriter } from './zip-writer';

const HEADER = ['Hostname', 'Serial Number', 'UUID', 'Environment', 'IP Address', 'RAM (GB)', 'Note'];
const ENVIRONMENTS = ['PROD', 'TEST', 'DEV', 'STAGING'];
/** Of any sheet, the header's included. */
const LAST_ROW = 1_048_576;
const SHARED_PER_ROW = 4;
const FIRST_SHARED = HEADER.length + ENVIRONMENTS.length;
const ROWS_A_PIECE = 200;
const SHEET = 'xl/worksheets/sheet0.xml';
const STRINGS = 'xl/sharedStrings.xml';

/** Writes a workbook of about so many bytes, zipped: long sheets whose texts are nearly all different. */
export class GeneratedWorkbook {
  rows = 0;

  constructor(
    private readonly bytes: number,
    /** Whether texts lie in a part of their own, as Excel writes them, or in their cells. */
    private readonly shared: boolean,
  ) {}

  async write(file: FileHandle): Promise<void> {
    const zip = new ZipWriter(file);
    const {
      [SHEET]: sheet,
      [STRINGS]: strings,
      ...others
    } = workbookParts([{ name: 'Servers', data: '@' }], {
      prefix: '',
      sharedStrings: '@',
    });
    for (const [path, text] of Object.entries(others)) await zip.add(path, [text]);
    const end = this.shared ? this.bytes * SHEET_SHARE : this.bytes;
    await zip.add(
      SHEET,
      around(
        sheet!,
        this.sheet(() => zip.size < end),
      ),
    );
    await zip.add(STRINGS, around(strings!, this.strings()));
    await zip.end();
  }

  /** The cells of each row, for whoever wants to compare. */
  *cells(): Generator<string[]> {
    yield HEADER;
    for (let n = 1; n <= this.rows; n++) yield rowCells(n);
  }

  /** The cells of a row by their header; row 1 is the first below it. */
  row(n: number): Record<string, string> {
    const cells = rowCells(n);
    return Object.fromEntries(HEADER.map((name, i) => [name, cells[i] ?? '']));
  }

  private *sheet(isShort: () => boolean): Generator<string> {
    yield `<row>${HEADER.map((text, i) => (this.shared ? sharedCell(i) : inlineCell(text))).join('')}</row>`;
    while (isShort() && this.rows + ROWS_A_PIECE < LAST_ROW) {
      let text = '';
      for (let i = 0; i < ROWS_A_PIECE; i++) text += this.sheetRow(++this.rows);
      yield text;
    }
  }

  private sheetRow(n: number): string {
    const [hostname, serial, uuid, environment, ip, ram, note] = rowCells(n) as [string, ...string[]];
    const first = FIRST_SHARED + (n - 1) * SHARED_PER_ROW;
    const cells = this.shared
      ? [
          ...[first, first + 1, first + 2].map(sharedCell),
          sharedCell(HEADER.length + ENVIRONMENTS.indexOf(environment!)),
          inlineCell(ip!),
          `<c><v>${ram}</v></c>`,
          sharedCell(first + 3),
        ]
      : [
          ...[hostname, serial!, uuid!, environment!, ip!].map(inlineCell),
          `<c><v>${ram}</v></c>`,
          inlineCell(note!),
        ];
    return `<row r="${n + 1}">${cells.join('')}</row>`;
  }

  private *strings(): Generator<string> {
    if (!this.shared) return;
    yield [...HEADER, ...ENVIRONMENTS].map(item).join('');
    for (let from = 1; from <= this.rows; from += ROWS_A_PIECE) {
      let text = '';
      for (let n = from; n < from + ROWS_A_PIECE; n++) {
        const [hostname, serial, uuid, , , , note] = rowCells(n);
        text += [hostname!, serial!, uuid!, note!].map(item).join('');
      }
      yield text;
    }
  }
}

/** Of the zipped bytes of a workbook with shared texts, as it comes out. */
const SHEET_SHARE = 0.228;

function* around(template: string, content: Iterable<string>): Generator<string> {
  const [before, after] = template.split('@') as [string, string];
  yield before;
  yield* content;
  yield after;
}

/** Different for each row, and the same each time. */
function rowCells(n: number): string[] {
  const hash = createHash('sha512').update(String(n)).digest('hex');
  return [
    `srv-${n}-${hash.slice(0, 8)}`,
    hash.slice(8, 24),
    hash.slice(24, 56),
    ENVIRONMENTS[n % ENVIRONMENTS.length]!,
    `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
    String(4 + (n % 60)),
    hash.slice(56),
  ];
}

const item = (text: string) => `<si><t>${text}</t></si>`;
const sharedCell = (index: number) => `<c t="s"><v>${index}</v></c>`;
const inlineCell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
