import { pipeline, Readable } from 'node:stream';
import { type Stringifier, stringify } from 'csv-stringify';
import { escapeFormula } from './corrections/formula-escape';
import { reasonColumns } from './corrections/reason-columns';
import type { RejectedRecord } from './queries/list-rejects';

/**
 * The rejected rows with their original columns, then why each was rejected, so that a person can mend the rows in
 * a spreadsheet and import the file again. Cells that a spreadsheet would run as a formula are escaped.
 */
export function rejectsCsv(columns: readonly string[], batches: AsyncIterable<RejectedRecord[]>): Readable {
  // Its own `escape_formulas` leaves `'=x` as it is, which could then not be told from an escaped `=x`.
  // Otherwise a cell with a lone CR or LF, which is not the whole delimiter, would go without quotes.
  const csv: Stringifier = stringify({
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    bom: true,
  });
  // A failing source destroys the CSV too, which cuts the answer off instead of ending it as if it were whole.
  return pipeline(Readable.from(lines(columns, batches)), csv, () => undefined);
}

async function* lines(
  columns: readonly string[],
  batches: AsyncIterable<RejectedRecord[]>,
): AsyncGenerator<string[]> {
  yield [...columns, ...Object.values(reasonColumns(columns))].map(escapeFormula);
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
      ].map(escapeFormula);
    }
  }
}
