import { InvalidInputError } from '../../errors/invalid-input.error';
import { findHeader } from './find-header';
import { joinHeaders } from './join-headers';
import type { Reading } from './reading';
import { requireNames } from './require-names';
import { filledCells, type TopLine } from './top-line';

/** A header that a request names may stand below long notes. */
export const LOOKED_AT = 1000;

/** Where the records of a table begin. */
export interface TableStart {
  /** The names of the columns, which may stand in two lines; none where the file has none. */
  header: string[];
  header_row: number | null;
  /** The lines above the header that are not empty. */
  preamble: TopLine[];
  /** How many cells of a usual line are filled. */
  width: number;
}

/**
 * @param top the first lines that are not empty, at least one.
 * @throws UnreadableFileError where the first line is a row; InvalidInputError (`header`) where there is no such line.
 */
export function tableStart(
  top: readonly TopLine[],
  wanted: Reading['header'],
  recognise: (headers: string[]) => number,
): TableStart {
  if (wanted === 'none') {
    const width = Math.max(...top.map(({ cells }) => filledCells(cells).length));
    return { header: [], header_row: null, preamble: [], width };
  }
  const found =
    wanted === null ? findHeader(top, recognise) : top.findIndex(({ number }) => number === wanted);
  const upper = top[found];
  if (upper === undefined) throw noSuchLine(wanted);
  const joined = wanted === null ? joinHeaders(upper, top[found + 1], top.slice(found + 2)) : null;
  const at = joined === null ? found : found + 1;
  const header = top[at] ?? upper;
  if (wanted === null && joined === null) requireNames(header, top.slice(at + 1));
  const names = joined ?? header.cells;
  return {
    header: names,
    header_row: header.number,
    preamble: top.slice(0, at),
    width: filledCells(names).length,
  };
}

function noSuchLine(wanted: number | null): InvalidInputError {
  const message = `must be the line of the column names: line ${String(wanted)} is empty, below the first ${LOOKED_AT} lines, or not there`;
  return new InvalidInputError([{ field: 'header', message }]);
}
