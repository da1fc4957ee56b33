import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import type { TopLine } from '../top-line';

/** `-------- ------ ----`, which database tools draw below names that stand above columns of blanks. */
const RULERS = /^\s*-{2,}(?:[ \t]+-{2,})+\s*$/;

/**
 * Refuses a table whose columns are kept apart by blanks alone: cut by a delimiter, all of a row would be one cell.
 * @throws UnreadableFileError
 */
export function refuseFixedWidth(top: readonly TopLine[]): void {
  const rulers = top.find(({ cells }) => cells.length === 1 && RULERS.test(cells[0] ?? ''));
  if (rulers === undefined) return;
  throw new UnreadableFileError(
    `Line ${rulers.number} shows columns of a fixed width, kept apart by blanks. Export the table with a delimiter ` +
      '(SQL*Plus: SET MARKUP CSV ON; sqlcmd: -s ";" -W; psql: --csv) or save it as .xlsx.',
  );
}
