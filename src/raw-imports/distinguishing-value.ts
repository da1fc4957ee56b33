import { foldCase } from '../asset-identity/fold-case';
import { isPlaceholder } from '../asset-identity/is-placeholder';

/** The value of a cell as identity compares it; null where the cell says nothing that tells rows apart. */
export function distinguishingValue(cells: Readonly<Record<string, string>>, column: string): string | null {
  const value = foldCase((Object.hasOwn(cells, column) ? cells[column] : undefined) ?? '');
  return isPlaceholder(value) ? null : value;
}
