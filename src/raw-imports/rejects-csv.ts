import { pipeline, Readable } from 'node:stream';
import { type Stringifier, stringify } from 'csv-stringify';
import type { RejectedRecord } from './queries/list-rejects';

const REASON_COLUMNS = ['row_number', 'column', 'value', 'error_code', 'message'];

/**
 * The rejected rows with their original columns, then why each was rejected, so that a person can mend the rows in
 * a spreadsheet and import the file again. Cells that a spreadsheet would run as a formula are escaped.
 */
export function rejectsCsv(columns: readonly string[], batches: AsyncIterable<RejectedRecord[]>): Readable {
  // A file may have a column of its own by one of these names.
  const reasons = REASON_COLUMNS.map((name) => (columns.includes(name) ? `${name} (reject)` : name));
  const csv: Stringifier = stringify({
    header: true,
    columns: [...columns, ...reasons],
    escape_formulas: true,
    record_delimiter: 'windows',
    bom: true,
  });
  // A failing source destroys the CSV too, which cuts the answer off instead of ending it as if it were whole.
  return pipeline(Readable.from(lines(columns, batches)), csv, () => undefined);
}

async function* lines(
  columns: readonly string[],
  batches: AsyncIterable<RejectedRecord[]>,
): AsyncGenerator<string[]> {
  for await (const batch of batches) {
    for (const { row_number, raw_data, validation_errors } of batch) {
      const error = validation_errors?.[0];
      yield [
        ...columns.map((column) => (Object.hasOwn(raw_data, column) ? raw_data[column] : undefined) ?? ''),
        String(row_number),
        error?.column ?? '',
        error?.value ?? '',
        error?.code ?? '',
        error?.message ?? '',
      ];
    }
  }
}
