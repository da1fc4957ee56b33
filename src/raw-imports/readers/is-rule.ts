import { filledCells } from './top-line';

const RULE = /^[-=+|_*\s]+$/;
/** A dash or two stand for a value that is missing. */
const LONG_ENOUGH = /[-=_*]{3}/;

/** Whether a line is drawn, as `----+----`: across all of it or in each of the columns, of which there are `width`. */
export function isRule(cells: readonly string[], width: number): boolean {
  const filled = filledCells(cells);
  return (
    (cells.length === 1 || filled.length === width) &&
    filled.every((cell) => RULE.test(cell)) &&
    filled.some((cell) => LONG_ENOUGH.test(cell))
  );
}
