import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import type { Encoding } from '../detect-encoding';
import type { RawRow } from '../raw-row';
import { readText } from '../read-text';
import { requireHeader } from '../require-header';
import { charsOf, RowBatch } from '../row-batch';
import type { SpooledFile } from '../spooled-file';
import type { Table } from '../table';
import { TabularRows } from '../tabular-rows';
import { textChecks } from '../text-checks';
import { DelimitedScanner } from './delimited-scanner';
import { readPrologue } from './read-prologue';
import { sniffDelimiter } from './sniff-delimiter';
import { topLines } from './top-lines';

/** Reads CSV, TSV and their kin. `fallback` is the delimiter of a file that shows none. */
export async function openDelimited(
  file: SpooledFile,
  encoding: Encoding,
  fallback: string,
  recognise: (headers: string[]) => number,
): Promise<Table> {
  const chunks = readText(file, encoding);
  const first = await chunks.next();
  const sample = first.done ? '' : first.value;
  const prologue = readPrologue(sample);
  const body = sample.slice(prologue.length);
  const delimiter = prologue.delimiter ?? sniffDelimiter(body, fallback, recognise);
  requireHeader(topLines(body, { delimiter, firstLine: prologue.lines + 1 }), recognise);
  const scanner = new DelimitedScanner(delimiter, prologue.lines + 1);
  scanner.push(body);
  const lines = new Lines(scanner, chunks);
  const rows = new TabularRows(await lines.header(), textChecks(file.evidence, encoding));
  return {
    format: delimiter === '\t' ? 'tsv' : 'csv',
    encoding: encoding.name,
    delimiter,
    sheet: null,
    sheets: null,
    header: rows.summary().columns,
    batches: () => lines.batches(rows),
    summary: () => rows.summary(),
  };
}

class Lines {
  constructor(
    private readonly scanner: DelimitedScanner,
    private readonly chunks: AsyncGenerator<string>,
  ) {}

  async header(): Promise<string[]> {
    do {
      for (let record = this.scanner.next(); record !== undefined; record = this.scanner.next()) {
        if (record.some((cell) => cell.trim() !== '')) return record;
      }
    } while (await this.feed());
    throw new UnreadableFileError('The file is empty: it has no line with column names.');
  }

  async *batches(rows: TabularRows): AsyncGenerator<RawRow[]> {
    const batch = new RowBatch();
    try {
      do {
        for (let record = this.scanner.next(); record !== undefined; record = this.scanner.next()) {
          const row = rows.row(record, this.scanner.line);
          if (row === null) continue;
          const full = batch.add(row, charsOf(record));
          if (full) yield full;
        }
      } while (await this.feed());
      if (!batch.isEmpty) yield batch.take();
    } finally {
      await this.chunks.return(undefined);
    }
  }

  /** False once there is no more text and the scanner has been told so. */
  private async feed(): Promise<boolean> {
    if (this.scanner.isEnded) return false;
    const next = await this.chunks.next();
    if (next.done) this.scanner.end();
    else this.scanner.push(next.value);
    return true;
  }
}
