import { BareRecord } from '../../field-mapping/bare-record';
import { foldCase } from '../../asset-identity/fold-case';
import { isNullWord } from '../../field-mapping/is-null-word';

/**
 * One row of several: of each column the value where the rows agree, else the different values in the order in which they
 * appear. Case and blanks make no difference, and a cell such as `n/a` says nothing beside one that has a value. The
 * column that they are grouped `by` is the first row's.
 */
export function mergeRows(
  by: string,
  rows: readonly Readonly<Record<string, string>>[],
): Record<string, string> {
  // Headers are the user's, so `__proto__` must be a key like any other.
  const merged = new BareRecord();
  for (const row of rows) {
    for (const name of Object.keys(row)) {
      if (!(name in merged)) merged[name] = mergeCells(name, rows, name === by);
    }
  }
  return merged;
}

function mergeCells(name: string, rows: readonly Readonly<Record<string, string>>[], isKey: boolean): string {
  const cells = rows.flatMap((row) => (Object.hasOwn(row, name) ? (row[name] ?? '') : []));
  const [first = ''] = cells;
  if (isKey || cells.every((cell) => cell === first)) return first;
  const values = new Map<string, string>();
  for (const cell of cells) {
    const folded = foldCase(cell);
    if (!values.has(folded)) values.set(folded, cell);
  }
  return together(values, first);
}

/** Of values by what they are compared by. */
function together(values: ReadonlyMap<string, string>, first: string): string {
  const telling = [...values].filter(([folded]) => !isNullWord(folded));
  const [only] = telling;
  if (only === undefined) return [...values].find(([folded]) => folded !== '')?.[1] ?? first;
  if (telling.length === 1) return only[1];
  return telling.map(([, cell]) => cell.trim()).join('; ');
}
