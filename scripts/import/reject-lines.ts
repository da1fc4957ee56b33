import type { ImportResponse } from '../../src/raw-imports/dto/import-response';
import type { Api } from '../client/api';
import { curlCommand } from '../client/curl-command';
import { printable } from '../client/printable';
import type { ImportState } from './ledger';

/** The first rejected rows and why, and where all of them are, ready to be mended. */
export function rejectLines(
  { tenant }: Api,
  laterOrigin: string,
  { id }: ImportResponse,
  { rejects, ledger }: ImportState,
): string[] {
  if (ledger.rejected === 0) return [];
  const more = ledger.rejected - rejects.length;
  return [
    '',
    'Rejected:',
    ...rejects.map(({ row_number, column, error_code, message }) =>
      printable(`  row ${row_number}${column === null ? '' : `, ${column}`}: ${error_code}: ${message}`),
    ),
    ...(more > 0 ? [`  and ${more} more`] : []),
    'All of them as CSV, with their cells, to be mended and imported again:',
    `  ${curlCommand(tenant, `${laterOrigin}/api/v1/data-imports/${id}/rejects`, { accept: 'text/csv' })}`,
  ];
}
