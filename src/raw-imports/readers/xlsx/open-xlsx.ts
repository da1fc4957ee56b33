import { InvalidInputError } from '../../../errors/invalid-input.error';
import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import type { RawRow } from '../raw-row';
import type { Reading } from '../reading';
import type { SpooledFile } from '../spooled-file';
import { findHeader } from '../find-header';
import type { Table } from '../table';
import { LOOKED_AT, tableStart } from '../table-start';
import { TabularRows } from '../tabular-rows';
import { filledCells, isBlankLine, TOP_LINES } from '../top-line';
import { readDateStyles } from './read-date-styles';
import { readSharedStrings } from './read-shared-strings';
import { readWorkbook, type Sheet } from './read-workbook';
import { SheetParser, type CellContext, type SheetRow } from './sheet-parser';
import { WorkbookArchive } from './workbook-archive';

interface Candidate {
  sheet: Sheet;
  top: SheetRow[];
  recognised: number;
  columns: number;
}

/** Reads a sheet of a workbook; unless one is wanted, the visible one whose header `recognise` counts highest. */
export async function openXlsx(
  file: SpooledFile,
  reading: Reading,
  recognise: (headers: string[]) => number,
): Promise<Table> {
  const archive = await WorkbookArchive.open(file);
  const workbook = await readWorkbook(archive);
  const context: CellContext = {
    date1904: workbook.date1904,
    maxChars: archive.maxBytes,
    sharedStrings: await readSharedStrings(file, archive, workbook.sharedStringsPath),
    dateStyles: await readDateStyles(archive, workbook.stylesPath),
  };
  const readSheet = ({ path }: Sheet): AsyncGenerator<SheetRow[]> => sheetRows(archive, path, context);
  const wanted = reading.sheet;
  const most = typeof reading.header === 'number' ? LOOKED_AT : TOP_LINES;
  const sheets = workbook.sheets.map(({ name }) => name);
  const candidates = wanted === null ? defaultCandidates(workbook.sheets) : [named(workbook.sheets, wanted)];
  let best: Candidate | undefined;
  for (const sheet of candidates) {
    const top = await firstFilled(readSheet(sheet), most);
    if (top.length === 0) continue;
    const header = top[findHeader(top, recognise)]?.cells ?? [];
    const candidate = { sheet, top, recognised: recognise(header), columns: filledCells(header).length };
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  if (best === undefined) throw noHeader(wanted);
  const { sheet, top } = best;
  const start = tableStart(top, reading.header, recognise);
  const rows = new TabularRows(start, { lossy_charset: null }, reading);
  return {
    format: 'xlsx',
    encoding: null,
    delimiter: null,
    sheet: sheet.name,
    sheets,
    header: start.header_row === null ? null : rows.columns(),
    batches: () => batches(readSheet(sheet), rows),
    summary: () => {
      const { lines, ...summary } = rows.summary();
      const detected = { encoding: null, delimiter: null, line_ends: null, sheet: sheet.name, ...lines };
      return { ...summary, detected };
    },
  };
}

/** Of sheets of which nothing is known the first is read, unless it holds the text of a cover. */
function isBetter(one: Candidate, best: Candidate): boolean {
  if (one.recognised !== best.recognised) return one.recognised > best.recognised;
  return best.recognised === 0 && best.columns === 1 && one.columns > 1;
}

/** Excel insists on one visible sheet; other writers do not. */
function defaultCandidates(sheets: Sheet[]): Sheet[] {
  const visible = sheets.filter((sheet) => sheet.visible);
  return visible.length > 0 ? visible : sheets;
}

function named(sheets: Sheet[], wanted: string): Sheet {
  const found = sheets.find(({ name }) => name === wanted);
  if (found) return found;
  const names = sheets.map(({ name }) => `"${name}"`).join(', ');
  throw new InvalidInputError([
    { field: 'sheet', message: `The workbook has no sheet "${wanted}"; it has ${names}.` },
  ]);
}

function noHeader(wanted: string | null): UnreadableFileError {
  return new UnreadableFileError(
    wanted === null ? 'All sheets of the workbook are empty.' : `The sheet "${wanted}" is empty.`,
  );
}

async function* sheetRows(
  archive: WorkbookArchive,
  path: string,
  context: CellContext,
): AsyncGenerator<SheetRow[]> {
  const parser = new SheetParser(path, context);
  for await (const bytes of archive.read(path)) yield parser.write(bytes);
  parser.end();
}

async function firstFilled(rows: AsyncGenerator<SheetRow[]>, most: number): Promise<SheetRow[]> {
  const found: SheetRow[] = [];
  for await (const some of rows) {
    found.push(...some.filter(({ cells }) => !isBlankLine(cells)));
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}

async function* batches(sheet: AsyncGenerator<SheetRow[]>, rows: TabularRows): AsyncGenerator<RawRow[]> {
  let previous: number | null = null;
  for await (const some of sheet) {
    for (const line of some) {
      // Excel does not write most of the empty rows at all. Those above the table are none of it.
      if (previous !== null) rows.skipEmpty(Math.max(line.number - previous - 1, 0));
      rows.push(line);
      if (rows.isBelowHeader) previous = line.number;
      if (rows.batch.isFull) yield rows.batch.take();
    }
  }
  rows.end();
  if (!rows.batch.isEmpty) yield rows.batch.take();
}
