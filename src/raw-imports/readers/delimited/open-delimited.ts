import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import type { Encoding } from '../detect-encoding';
import type { SkippedLine } from '../detected';
import { LIMITS } from '../limits';
import type { RawRow } from '../raw-row';
import { readText } from '../read-text';
import type { Reading } from '../reading';
import type { SpooledFile } from '../spooled-file';
import type { Table } from '../table';
import { LOOKED_AT, tableStart } from '../table-start';
import { TabularRows } from '../tabular-rows';
import { textChecks } from '../text-checks';
import { TOP_LINES } from '../top-line';
import { DelimitedScanner } from './delimited-scanner';
import { NO_PROLOGUE, readPrologue } from './read-prologue';
import { refuseFixedWidth } from './refuse-fixed-width';
import { sniffDelimiter } from './sniff-delimiter';
import { sniffQuoting } from './sniff-quoting';
import { topLines } from './top-lines';

interface DelimitedRequest {
  reading: Reading;
  /** The delimiter of a file that shows none. */
  fallback: string;
  recognise: (headers: string[]) => number;
}

/** Reads CSV, TSV and their kin. */
export async function openDelimited(
  file: SpooledFile,
  encoding: Encoding,
  { reading, fallback, recognise }: DelimitedRequest,
): Promise<Table> {
  const { sample, isWhole, chunks } = await firstLines(readText(file, encoding));
  const found = readPrologue(sample);
  // Whoever names a line above it means that line.
  const prologue = typeof reading.header === 'number' && reading.header <= found.lines ? NO_PROLOGUE : found;
  const body = sample.slice(prologue.length);
  const quoting = sniffQuoting(body, isWhole);
  const delimiter =
    reading.delimiter ??
    prologue.delimiter ??
    sniffDelimiter(body, { isWhole, quoting, fallback, recognise });
  const firstLine = prologue.lines + 1;
  const most = typeof reading.header === 'number' ? LOOKED_AT : TOP_LINES;
  const top = topLines(body, { delimiter, firstLine, most, isWhole, quoting });
  const scanner = new DelimitedScanner(delimiter, firstLine, quoting);
  scanner.push(body);
  if (top.length === 0) await refuseEmpty(scanner, chunks);
  if (reading.delimiter === null) refuseFixedWidth(top);
  const start = tableStart(top, reading.header, recognise);
  const rows = new TabularRows(start, textChecks(file.evidence, encoding), reading);
  return {
    format: delimiter === '\t' ? 'tsv' : 'csv',
    encoding: encoding.name,
    delimiter,
    sheet: null,
    sheets: null,
    header: start.header_row === null ? null : rows.columns(),
    batches: () => batches(scanner, chunks, rows),
    summary: () => {
      const { lines, ...summary } = rows.summary();
      return {
        ...summary,
        detected: {
          encoding: encoding.name,
          delimiter,
          line_ends: scanner.lineEnds(),
          sheet: null,
          ...lines,
          preamble_rows: prologue.skipped.length + lines.preamble_rows,
          skipped_lines: [...prologue.skipped, ...lines.skipped_lines] satisfies SkippedLine[],
        },
      };
    },
  };
}

interface Beginning {
  sample: string;
  /** Whether that is all. */
  isWhole: boolean;
  /** What follows. */
  chunks: AsyncGenerator<string>;
}

/** The beginning of a text: its first piece, or more where that does not hold a whole line. */
async function firstLines(chunks: AsyncGenerator<string>): Promise<Beginning> {
  let sample = '';
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    if (hasLine(sample) || sample.length >= LIMITS.record_chars) {
      return { sample, isWhole: false, chunks: prepend(next.value, chunks) };
    }
    sample += next.value;
  }
  return { sample, isWhole: true, chunks };
}

function hasLine(text: string): boolean {
  // Empty rows may be written as their delimiters.
  const start = text.search(/[^\s,;|^~"]/);
  // What follows a CR may still be its LF.
  return start !== -1 && /[\r\n][^]/.test(text.slice(start));
}

async function* prepend(first: string, others: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* others;
}

/** Says what is wrong with a text that has no line with anything in it. */
async function refuseEmpty(scanner: DelimitedScanner, chunks: AsyncGenerator<string>): Promise<never> {
  while (scanner.next() !== undefined || (await feed(scanner, chunks)));
  throw new UnreadableFileError('The file is empty: it has no line with column names.');
}

async function* batches(
  scanner: DelimitedScanner,
  chunks: AsyncGenerator<string>,
  rows: TabularRows,
): AsyncGenerator<RawRow[]> {
  try {
    do {
      for (let cells = scanner.next(); cells !== undefined; cells = scanner.next()) {
        rows.push({ number: scanner.line, cells });
        if (rows.batch.isFull) yield rows.batch.take();
      }
    } while (await feed(scanner, chunks));
    rows.end();
    if (!rows.batch.isEmpty) yield rows.batch.take();
  } finally {
    await chunks.return(undefined);
  }
}

/** False once there is no more text and the scanner has been told so. */
async function feed(scanner: DelimitedScanner, chunks: AsyncGenerator<string>): Promise<boolean> {
  if (scanner.isEnded) return false;
  const next = await chunks.next();
  if (next.done) scanner.end();
  else scanner.push(next.value);
  return true;
}
