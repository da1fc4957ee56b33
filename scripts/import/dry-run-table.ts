import Table from 'cli-table3';

/** What a run would do. */
export interface DryRun {
  dry_run: true;
  total_records: number;
  created: number;
  linked: number;
  duplicates: number;
  conflicts: number;
  rejected: number;
}

const COLUMNS = ['total_records', 'created', 'linked', 'duplicates', 'conflicts', 'rejected'] as const;

export function dryRunTable(answer: DryRun): string {
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: COLUMNS.map((column) => column.replace('_', ' ')),
    colAligns: COLUMNS.map(() => 'right' as const),
  });
  table.push(COLUMNS.map((column) => answer[column]));
  return table.toString();
}
