import Table from 'cli-table3';
import type { Reject } from '../../src/raw-imports/dto/rejects';
import type { Inventory } from './import-inventory';

/** What became of the rows of each file, and which rows were rejected why. */
export function inventoriesTable(inventories: readonly Inventory[]): string {
  const table = new Table({
    // No colours: on a dark or on a light terminal somebody could not read them.
    style: { head: [], border: [] },
    head: ['inventory', 'rows', 'assets', 'rejected', 'why (row numbers)'],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
  });
  for (const { data_import, run, rejects } of inventories) {
    table.push([
      data_import.filename,
      data_import.total_records,
      run.created,
      rejects.length,
      reasons(rejects),
    ]);
  }
  const total = (count: (inventory: Inventory) => number) =>
    inventories.reduce((sum, one) => sum + count(one), 0);
  table.push([
    'all',
    total(({ data_import }) => data_import.total_records),
    total(({ run }) => run.created),
    total(({ rejects }) => rejects.length),
    '',
  ]);
  return table.toString();
}

/** A line for each reason, such as `missing_name: 118, 407`. */
function reasons(rejects: readonly Reject[]): string {
  const rows = new Map<string, number[]>();
  for (const { error_code, row_number } of rejects) {
    rows.set(error_code, [...(rows.get(error_code) ?? []), row_number]);
  }
  return Array.from(rows, ([code, numbers]) => `${code}: ${numbers.join(', ')}`).join('\n');
}
