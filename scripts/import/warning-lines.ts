import type { ImportResponse } from '../../src/raw-imports/dto/import-response';
import { printable } from '../client/printable';

/** What is odd about the file. */
export function warningLines({ warnings, grouping }: ImportResponse): string[] {
  const lines = warnings.map(({ message }) => printable(`  warning ${message}`));
  if (grouping === null) return lines;
  return [printable(`  grouped ${grouping.rows} rows became ${grouping.groups} by ${grouping.by}`), ...lines];
}
