/** Why a line of a file is no record. */
export type SkipReason = 'preamble' | 'separator' | 'repeated_header' | 'footer';

export interface SkippedLine {
  /** As a person finds it: of the text, or Excel's number of the row. */
  line: number;
  why: SkipReason;
  text: string;
}

export type LineEnds = 'crlf' | 'lf' | 'cr' | 'mixed';

/** How a table was found in its file. Everything here can be overridden by the request. */
export interface Detected {
  encoding: string | null;
  delimiter: string | null;
  /** Null where there are none. */
  line_ends: LineEnds | null;
  sheet: string | null;
  /** The line, or Excel's row, of the column names; null where there is none. */
  header_row: number | null;
  /** Lines above the header that are not empty, and below the last record. */
  preamble_rows: number;
  footer_rows: number;
  repeated_headers: number;
  /** Columns with neither a name nor a value. */
  empty_columns: number;
  /** The first lines that are no records, and why. */
  skipped_lines: SkippedLine[];
}

/** Of a format that has neither lines nor a header. */
export function withoutLines(encoding: string): Detected {
  return {
    encoding,
    delimiter: null,
    line_ends: null,
    sheet: null,
    header_row: null,
    preamble_rows: 0,
    footer_rows: 0,
    repeated_headers: 0,
    empty_columns: 0,
    skipped_lines: [],
  };
}
