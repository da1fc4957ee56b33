import { withoutLines } from '../readers/detected';
import type { RawRow } from '../readers/raw-row';
import type { Table } from '../readers/table';

export interface Line {
  host: string;
  ip: string;
  isBad: boolean;
}

/** A table of hosts and their addresses, a few rows at a time. */
export function tableOf(lines: readonly Partial<Line>[], batchSize = 2): Table {
  const rows = lines.map(({ host = '', ip = '', isBad = false }, i): RawRow => ({
    row_number: i + 1,
    cells: Object.assign(Object.create(null) as Record<string, string>, { Host: host, IP: ip }),
    errors: isBad ? [{ column: null, value: null, code: 'nul_byte', message: 'bad' }] : [],
  }));
  return {
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    sheet: null,
    sheets: null,
    header: ['Host', 'IP'],
    // eslint-disable-next-line @typescript-eslint/require-await -- as readers are
    async *batches() {
      for (let i = 0; i < rows.length; i += batchSize) yield rows.slice(i, i + batchSize);
    },
    summary: () => ({ columns: ['Host', 'IP'], empty_rows_skipped: 0, detected: withoutLines('utf-8') }),
  };
}
