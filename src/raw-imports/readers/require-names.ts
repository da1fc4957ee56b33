import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { cellForm, UNMISTAKABLE } from './cell-form';
import { excerpt } from './excerpt';
import { filledCells, type TopLine } from './top-line';

const YEAR = /^(?:19|20)\d\d$/;
const COUNTED = /^(.{0,100}?)\d{1,20}$/;

/**
 * Refuses a header that shows beyond doubt that it is a row: read all the same, that row would be lost and every other
 * one would come under names that are none.
 * @param rows some of the lines below it.
 */
export function requireNames({ number, cells }: TopLine, rows: readonly TopLine[]): void {
  const odd = cells.find((cell) => UNMISTAKABLE.has(cellForm(cell) ?? 'number'));
  if (odd === undefined && !isLikeItsRows(cells, rows)) return;
  const shown = excerpt((odd ?? filledCells(cells)[0] ?? '').trim());
  throw new UnreadableFileError(
    `Line ${number} holds data where column names are expected, such as "${shown}". Put a line with the names of the ` +
      'columns above it, or say ?header=none to read it without; ?header=<line> says where the names are.',
  );
}

/** Two columns whose first cell looks like the cells below it are no chance, nor is the only one. */
function isLikeItsRows(cells: readonly string[], rows: readonly TopLine[]): boolean {
  const others = rows.filter((row) => row.cells.some((cell, i) => cell.trim() !== (cells[i] ?? '').trim()));
  if (others.length < 2) return false;
  if (areCounted(cells)) return false;
  const alike = cells.filter((cell, i) => {
    const below = others.map((row) => (row.cells[i] ?? '').trim()).filter((text) => text !== '');
    return below.length >= 2 && isLike(cell.trim(), below);
  });
  return alike.length >= Math.min(2, filledCells(cells).length);
}

/** `1, 2, 3` head columns as well: units of a rack, ports, months. */
function areCounted(cells: readonly string[]): boolean {
  const numbers = cells.filter((cell) => cellForm(cell) === 'number').map(Number);
  return numbers.length > 1 && numbers.every((number, i) => i === 0 || number === (numbers[i - 1] ?? 0) + 1);
}

function isLike(cell: string, below: readonly string[]): boolean {
  const form = cellForm(cell);
  // Years may head columns of numbers.
  if (form !== null && !YEAR.test(cell)) return share(below, (text) => cellForm(text) === form) >= 0.7;
  const stem = COUNTED.exec(cell)?.[1];
  if (stem !== undefined && stem !== '')
    return share(below, (text) => COUNTED.exec(text)?.[1] === stem) >= 0.7;
  return cell !== '' && share(below, (text) => text === cell) >= 0.3;
}

function share(texts: readonly string[], test: (text: string) => boolean): number {
  return texts.filter(test).length / texts.length;
}
