import type { RunConflict } from '../../src/discovery-flows/dto/run-conflict';
import type { RowDifference } from '../../src/raw-imports/raw-import-record.entity';
import { printable } from '../client/printable';

/** The first rows that are in conflict with an asset, and the cells in which they differ from it. */
export function conflictLines(conflicts: readonly RunConflict[], total: number): string[] {
  if (conflicts.length === 0) return [];
  const more = total - conflicts.length;
  return [
    '',
    'In conflict:',
    ...conflicts.map(({ row_number, asset_name, rule, candidates, differences }) => {
      const what = candidates > 1 ? `${candidates} assets fit` : differences.map(differing).join('; ');
      return printable(`  row ${row_number}, ${asset_name ?? 'an asset'} by ${rule}: ${what}`);
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function differing({ column, existing, incoming, outcome }: RowDifference): string {
  const there = existing === null ? 'nothing' : JSON.stringify(existing);
  return `${column}: ${there} there, ${JSON.stringify(incoming)} here (${outcome})`;
}
