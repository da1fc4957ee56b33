import Table from 'cli-table3';
import type { ImportState, Ledger } from './ledger';

const COLUMNS = ['total', 'created', 'duplicates', 'conflicts', 'rejected', 'pending'] as const;

/** The ledger of the file, and of its newest run where that saw other rows than all of them. */
export function ledgerTable({ ledger, run }: ImportState): string {
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: ['rows', ...COLUMNS, 'chunks'],
    colAligns: ['left', ...COLUMNS.map(() => 'right' as const), 'right'],
  });
  const [, ...fates] = COLUMNS;
  const counts = (total: number, row: Omit<Ledger, 'total'>) => [total, ...fates.map((fate) => row[fate])];
  if (run) {
    const failed = run.chunks_failed > 0 ? `, ${run.chunks_failed} failed` : '';
    table.push([
      'of the run',
      ...counts(run.total_records, run),
      `${run.chunks_done} of ${run.chunks_total}${failed}`,
    ]);
  }
  table.push(['of the file', ...counts(ledger.total, ledger), '']);
  return table.toString();
}
