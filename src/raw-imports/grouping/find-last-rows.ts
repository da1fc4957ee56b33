import { InvalidInputError } from '../../errors/invalid-input.error';
import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { distinguishingValue } from '../distinguishing-value';
import { excerpt } from '../readers/excerpt';
import type { Table } from '../readers/table';
import { textHash } from '../text-hash';
import { closeNames } from './close-names';

/** Some 60 MB of memory. */
const MOST_GROUPS = 1_000_000;

/** Hash of a value → number of the last row that has it. Of two values with one hash the later row counts. */
export type LastRows = ReadonlyMap<number, number>;

/**
 * Goes through a table once, for the row after which each group is complete. Rejected rows belong to none.
 * @throws InvalidInputError (`group_by`) where the table has no such column; UnreadableFileError for too many values.
 */
export async function findLastRows(table: Table, by: string, mostGroups = MOST_GROUPS): Promise<LastRows> {
  const last = new Map<number, number>();
  for await (const batch of table.batches()) {
    for (const { row_number, cells, errors } of batch) {
      const value = errors.length > 0 ? null : distinguishingValue(cells, by);
      if (value !== null) last.set(textHash(value), row_number);
    }
    if (last.size > mostGroups) {
      throw new UnreadableFileError(
        `The column "${excerpt(by)}" has more than ${mostGroups.toLocaleString('en')} different values, too many to ` +
          'group rows by. Split the file, or import it without group_by.',
      );
    }
  }
  const { columns } = table.summary();
  if (!columns.includes(by)) throw noSuchColumn(by, columns);
  return last;
}

function noSuchColumn(by: string, columns: readonly string[]): InvalidInputError {
  const close = closeNames(by, columns);
  const names = (close.length > 0 ? close : columns.slice(0, 20))
    .map((name) => `"${excerpt(name)}"`)
    .join(', ');
  const hint =
    close.length > 0 ? `Did you mean ${names}?` : `It has ${names}${columns.length > 20 ? ', …' : ''}.`;
  return new InvalidInputError([
    { field: 'group_by', message: `The file has no column "${excerpt(by)}". ${hint}` },
  ]);
}
