import type { TenantTx } from '../../database/tenant-database';
import { findRejectsByNumber } from '../queries/find-rejects-by-number';
import type { RowError } from '../readers/raw-row';
import type { CorrectedRow } from './corrections-table';

/**
 * A row that comes back as it went out is at fault as it was, and corrects nothing: the file shows what could be stored
 * of it, so its fault may not be seen any more. What the database alone refused may be stored by now.
 */
export async function* rejectUnmended(
  tx: TenantTx,
  import_id: string,
  batches: AsyncIterable<CorrectedRow[]>,
): AsyncGenerator<CorrectedRow[]> {
  for await (const batch of batches) {
    const numbers = batch.flatMap(({ corrects_row }) => corrects_row ?? []);
    const rejects = await findRejectsByNumber(tx, import_id, numbers);
    const byNumber = new Map(rejects.map((reject) => [reject.row_number, reject]));
    yield batch.map((row) => {
      const reject = row.corrects_row === null ? undefined : byNumber.get(row.corrects_row);
      const errors = (reject?.validation_errors ?? []).filter(({ code }) => code !== 'refused_by_database');
      if (!reject || errors.length === 0 || row.errors.length > 0 || !isSame(row.cells, reject.raw_data))
        return row;
      return { ...row, errors: errors as RowError[] };
    });
  }
}

function isSame(cells: Record<string, string>, before: Record<string, string>): boolean {
  const names = new Set([...Object.keys(cells), ...Object.keys(before)]);
  for (const name of names) {
    const cell = Object.hasOwn(cells, name) ? cells[name] : '';
    if (cell !== (Object.hasOwn(before, name) ? before[name] : '')) return false;
  }
  return true;
}
