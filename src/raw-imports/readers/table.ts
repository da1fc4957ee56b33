import type { Detected } from './detected';
import type { RawRow } from './raw-row';

/** An uploaded inventory as a stream of rows, whatever file it came in. */
export interface Table {
  readonly format: 'csv' | 'tsv' | 'xlsx' | 'json' | 'ndjson';
  /** utf-8-bom, ibm850 or the name of the WHATWG Encoding Standard; null for XLSX. */
  readonly encoding: string | null;
  /** Null where the format has none. */
  readonly delimiter: string | null;
  /** The sheet that is read and all sheets in the workbook's order; null where the format has none. */
  readonly sheet: string | null;
  readonly sheets: string[] | null;
  /** The names that the header line gives, known before any row; null where the format has no such line. */
  readonly header: readonly string[] | null;
  /** The rows in order, to be gone through once. Throws UnreadableFileError or PayloadTooLargeError midway. */
  batches(): AsyncGenerator<RawRow[]>;
  /** Holds only once the batches are consumed. */
  summary(): TableSummary;
}

export interface TableSummary {
  columns: string[];
  empty_rows_skipped: number;
  detected: Detected;
}
