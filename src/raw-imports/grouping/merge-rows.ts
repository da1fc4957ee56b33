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
  const columns = new Map<string, Map<string, string>>();
  for (const row of rows) {
    for (const [name, cell] of Object.entries(row)) {
      const values = columns.get(name) ?? new Map<string, string>();
      columns.set(name, values);
      const folded = foldCase(cell);
      if (!values.has(folded)) values.set(folded, cell);
    }
  }
  // Headers are the user's, so `__proto__` must be a key like any other.
  const merged = Object.create(null) as Record<string, string>;
  for (const [name, values] of columns) merged[name] = name === by ? first(values) : together(values);
  return merged;
}

function together(values: ReadonlyMap<string, string>): string {
  const telling = [...values].filter(([folded]) => !isNullWord(folded));
  const [only] = telling;
  if (only === undefined) return [...values].find(([folded]) => folded !== '')?.[1] ?? first(values);
  if (telling.length === 1) return only[1];
  return telling.map(([, cell]) => cell.trim()).join('; ');
}

function first(values: ReadonlyMap<string, string>): string {
  const [cell = ''] = values.values();
  return cell;
}
