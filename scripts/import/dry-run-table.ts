import Table from 'cli-table3';
import type { RunPreview } from '../../src/discovery-flows/dto/run-preview';

const COLUMNS = ['total_records', 'created', 'duplicates', 'conflicts', 'rejected'] as const;

/** What a run would make of the pending rows. */
export function dryRunTable(preview: RunPreview): string {
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: ['would become', ...COLUMNS.map((column) => (column === 'total_records' ? 'total' : column))],
    colAligns: ['left', ...COLUMNS.map(() => 'right' as const)],
  });
  table.push(['rows', ...COLUMNS.map((column) => preview[column])]);
  return table.toString();
}
