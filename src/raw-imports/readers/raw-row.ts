/** One record of the file as it came. A row with errors is a rejected one. */
export interface RawRow {
  /** 1-based over the records; wholly empty rows are no records. */
  row_number: number;
  /** Column → text, both verbatim; without prototype, so that no header can reach one. */
  cells: Record<string, string>;
  errors: RowError[];
}

export interface RowError {
  /** Null where the fault is the whole record's. */
  column: string | null;
  /** At most 1,000 characters of the text at fault. */
  value: string | null;
  code: RowErrorCode;
  message: string;
}

export type RowErrorCode =
  | 'invalid_utf8'
  | 'nul_byte'
  | 'lone_surrogate'
  | 'too_many_cells'
  | 'comment'
  | 'malformed_json'
  | 'not_an_object'
  | 'nested_too_deep'
  | 'forbidden_key'
  | 'duplicate_key';
