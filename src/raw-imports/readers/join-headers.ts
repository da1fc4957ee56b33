import { cellForm } from './cell-form';
import { usedWidth } from './header-evidence';
import { filledCells, type TopLine } from './top-line';

/**
 * The names of columns whose header takes two lines, because some cells of the upper one are merged downwards and the
 * others span a group of columns. Null where the lower line is a row.
 */
export function joinHeaders(
  upper: TopLine,
  lower: TopLine | undefined,
  below: readonly TopLine[],
): string[] | null {
  if (lower === undefined) return null;
  const width = Math.max(usedWidth(upper.cells), usedWidth(lower.cells));
  const at = ({ cells }: TopLine, column: number): string => (cells[column] ?? '').trim();
  const columns = Array.from({ length: width }, (_, column) => column);
  const gaps = columns.filter((column) => at(upper, column) === '' && column > 0);
  const merged = columns.filter((column) => at(lower, column) === '');
  const isGroup = (column: number): boolean => at(upper, column) !== '' && at(lower, column) !== '';
  const first = columns.find((column) => at(upper, column) !== '');
  const fits =
    filledCells(upper.cells).length > 1 &&
    first !== undefined &&
    gaps.length > 0 &&
    // A name stands over its own gap, and the leading one is merged downwards, so that no row looks like this.
    at(lower, first) === '' &&
    merged.every((column) => at(upper, column) !== '' || column < first) &&
    gaps.every((column) => at(lower, column) !== '' || column < first) &&
    columns.some(isGroup) &&
    gaps.filter((column) => column > first).every((column) => isGroup(groupOf(column))) &&
    lower.cells.every((cell) => cellForm(cell) === null) &&
    below.length > 0 &&
    below.filter((line) => at(line, first) !== '').length * 2 > below.length;
  return fits ? columns.map((column) => at(lower, column) || at(upper, column)) : null;

  function groupOf(column: number): number {
    let left = column;
    while (left > 0 && at(upper, left) === '') left--;
    return left;
  }
}
