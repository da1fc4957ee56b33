import Table from 'cli-table3';
import { ASSET_FIELDS } from '../../src/field-mapping/asset-fields';
import { printable } from '../client/printable';
import type { Trial } from './try-inventory';

const NONE = '-';
const DELIMITERS: Partial<Record<string, string>> = { '\t': 'TAB', ' ': 'SPACE' };

/** How each file was read, and a mark for each field of an asset. */
export function trialsTable(trials: readonly Trial[]): string {
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: [
      ...[
        'file',
        'source',
        'encoding',
        'delimiter',
        'header\nrow',
        'rows\nexpected',
        'rows\nfound',
        'rejects',
      ],
      upright(Object.keys(ASSET_FIELDS)),
    ],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
  });
  for (const { inventory, data_import, verdicts } of trials) {
    table.push([
      printable(inventory.name),
      data_import?.source ?? NONE,
      data_import?.encoding ?? NONE,
      DELIMITERS[data_import?.delimiter ?? ''] ?? data_import?.delimiter ?? NONE,
      data_import?.detected?.header_row ?? NONE,
      inventory.rows ?? NONE,
      data_import?.total_records ?? 'refused',
      data_import?.rejected_records ?? NONE,
      verdicts.map(({ mark }) => mark).join(' '),
    ]);
  }
  return table.toString();
}

/** Words side by side, each from top to bottom, as wide as one mark each. */
function upright(words: readonly string[]): string {
  const height = Math.max(...words.map((word) => word.length));
  const lines = Array.from({ length: height }, (_, line) => words.map((word) => word.charAt(line) || ' '));
  return lines.map((letters) => letters.join(' ')).join('\n');
}
