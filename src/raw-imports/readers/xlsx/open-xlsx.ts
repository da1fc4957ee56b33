import { InvalidInputError } from '../../../errors/invalid-input.error';
import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import type { RawRow } from '../raw-row';
import { requireHeader, TOP_LINES } from '../require-header';
import { charsOf, RowBatch } from '../row-batch';
import type { SpooledFile } from '../spooled-file';
import type { Table } from '../table';
import { TabularRows } from '../tabular-rows';
import { readDateStyles } from './read-date-styles';
import { readSharedStrings } from './read-shared-strings';
import { readWorkbook, type Sheet } from './read-workbook';
import { SheetParser, type CellContext, type SheetRow } from './sheet-parser';
import { WorkbookArchive } from './workbook-archive';

/** Reads a sheet of a workbook; without `wanted`, the visible one whose header `recognise` counts highest. */
export async function openXlsx(
  file: SpooledFile,
  wanted: string | null,
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
  const sheets = workbook.sheets.map(({ name }) => name);
  const candidates = wanted === null ? defaultCandidates(workbook.sheets) : [named(workbook.sheets, wanted)];
  let best: { sheet: Sheet; header: SheetRow; top: SheetRow[]; recognised: number } | undefined;
  for (const sheet of candidates) {
    const top = await firstFilled(readSheet(sheet));
    const [header] = top;
    if (header === undefined) continue;
    const recognised = recognise(header.cells);
    if (best === undefined || recognised > best.recognised) best = { sheet, header, top, recognised };
  }
  if (best === undefined) throw noHeader(wanted);
  const { sheet, header, top } = best;
  requireHeader([top], recognise);
  const rows = new TabularRows(header.cells, { lossy_charset: null });
  return {
    format: 'xlsx',
    encoding: null,
    delimiter: null,
    sheet: sheet.name,
    sheets,
    header: rows.summary().columns,
    batches: () => batches(readSheet(sheet), rows),
    summary: () => rows.summary(),
  };
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

async function firstFilled(rows: AsyncGenerator<SheetRow[]>): Promise<SheetRow[]> {
  const found: SheetRow[] = [];
  for await (const some of rows) {
    found.push(...some.filter(isFilled));
    if (found.length >= TOP_LINES) break;
  }
  return found.slice(0, TOP_LINES);
}

function isFilled({ cells }: SheetRow): boolean {
  return cells.some((cell) => cell.trim() !== '');
}

async function* batches(sheet: AsyncGenerator<SheetRow[]>, rows: TabularRows): AsyncGenerator<RawRow[]> {
  const batch = new RowBatch();
  /** Null until the header has gone by, which `rows` knows already. */
  let previous: number | null = null;
  for await (const some of sheet) {
    for (const line of some) {
      if (previous !== null) {
        // Excel does not write most of the empty rows at all.
        rows.skipEmpty(Math.max(line.number - previous - 1, 0));
        const row = rows.row(line.cells, line.number);
        const full = row && batch.add(row, charsOf(line.cells));
        if (full) yield full;
      }
      if (previous !== null || isFilled(line)) previous = line.number;
    }
  }
  if (!batch.isEmpty) yield batch.take();
}
