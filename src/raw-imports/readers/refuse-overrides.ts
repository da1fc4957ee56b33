import { InvalidInputError } from '../../errors/invalid-input.error';
import type { Reading } from './reading';

const MEANT_FOR = {
  sheet: 'Only an XLSX workbook has sheets.',
  header: 'JSON has no line of column names.',
  delimiter: 'Only delimited text, such as CSV, has a delimiter.',
  encoding: 'A workbook says itself how it is encoded.',
} as const;

/** @throws InvalidInputError that names what a request says of a file which has no such thing. */
export function refuseOverrides(reading: Reading, without: readonly (keyof typeof MEANT_FOR)[]): void {
  const errors = without.flatMap((field) =>
    reading[field] === null ? [] : [{ field, message: MEANT_FOR[field] }],
  );
  if (errors.length > 0) throw new InvalidInputError(errors);
}
