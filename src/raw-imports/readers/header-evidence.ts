import { cellForm, UNMISTAKABLE } from './cell-form';
import { filledCells, type TopLine } from './top-line';

const LONGEST_NAME = 150;
const ROWS_TO_COMPARE = 20;

/** Whether the cells could all be names: hardly any of them has the form of a value, none that of an address. */
export function couldBeNames(cells: readonly string[]): boolean {
  const filled = filledCells(cells);
  // A name may be a path of names, such as `config.hardware`.
  const values = filled.map(cellForm).filter((form) => form !== null && form !== 'domain');
  return (
    values.length <= filled.length / 5 &&
    !values.some((form) => UNMISTAKABLE.has(form)) &&
    filled.every((cell) => cell.length <= LONGEST_NAME)
  );
}

/** Whether some column has a word in this line and values in most of the lines below: names do, titles do not. */
export function standsAboveValues({ cells }: TopLine, below: readonly TopLine[]): boolean {
  const rows = below.slice(0, ROWS_TO_COMPARE);
  return cells.some((cell, column) => {
    if (cell.trim() === '' || cellForm(cell) !== null) return false;
    const texts = rows.map((row) => row.cells[column] ?? '').filter((text) => text.trim() !== '');
    const values = texts.filter((text) => cellForm(text) !== null).length;
    return values > 0 && values * 2 >= texts.length;
  });
}

/** Whether nearly all of the lines find room under this one. */
export function coversWidth({ cells }: TopLine, below: readonly TopLine[]): boolean {
  const width = usedWidth(cells);
  return below.filter((row) => usedWidth(row.cells) <= width).length >= below.length * 0.8;
}

/** Without empty cells at the end, which spreadsheets add freely. */
export function usedWidth(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1;
}
