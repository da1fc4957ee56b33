import { cellForm } from './cell-form';
import { filledCells, type TopLine } from './top-line';

/** Two names of asset fields side by side are no chance. */
const NAMES_OF_A_HEADER = 2;
const COMMENT = /^(?:#|\/\/|--)/;
const LONGEST_NAME = 80;

/**
 * Finds the line of the column names among the first lines of a table that are not empty: below titles, notes and the
 * upper one of two header lines. Where nothing speaks for another line it is the first one, so that no header is taken
 * for a title. `recognise` counts the headers that mean something in an inventory.
 */
export function findHeader(top: readonly TopLine[], recognise: (headers: string[]) => number): number {
  const filled = top.map(({ cells }) => filledCells(cells));
  const recognised = (at: number) => recognise(top[at]?.cells ?? []);
  const own = recognised(0);
  const isNarrow = narrowness(filled);
  const first = filled.findIndex((cells) => !isNarrow(cells));

  if (first > 0 && recognised(first) > own) return withNamesBelow(first);
  if (first > 0 && own === 0 && isLineOfNames(filled, first)) return withNamesBelow(first);
  if (own > 0) return 0;
  // The table may be too narrow to stand out from what is above it.
  const wide = filled[0]?.length ?? 0;
  const below = filled.findIndex((cells, at) => cells.length > wide && recognised(at) >= NAMES_OF_A_HEADER);
  return Math.max(below, 0);

  /** Of two header lines the upper one names groups of columns. */
  function withNamesBelow(at: number): number {
    const names = recognised(at);
    return names === 0 && recognised(at + 1) >= NAMES_OF_A_HEADER ? at + 1 : at;
  }
}

/** Lines above a table have far fewer cells than it, or are comments. */
function narrowness(filled: readonly string[][]): (cells: string[]) => boolean {
  const widths = filled.slice(Math.floor(filled.length / 3)).map(({ length }) => length);
  const typical = widths.sort((a, b) => a - b)[widths.length >> 1] ?? 0;
  return (cells) => cells.length <= typical / 2 || COMMENT.test(cells[0] ?? '');
}

/** Whether a line can be nothing but names: at least three different short texts, and no form that only values have. */
function isLineOfNames(filled: readonly string[][], at: number): boolean {
  const cells = filled[at] ?? [];
  return (
    cells.length >= 3 &&
    new Set(cells).size === cells.length &&
    cells.every((cell) => cell.length <= LONGEST_NAME && cellForm(cell) === null)
  );
}
