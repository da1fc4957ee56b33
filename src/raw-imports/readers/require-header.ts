import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { excerpt } from './excerpt';

/** A line that is not blank, with the number that a person finds it by. */
export interface TopLine {
  number: number;
  cells: string[];
}

/** How many lines it is worth to look at. */
export const TOP_LINES = 25;
/** Two names of asset fields side by side are no chance. */
const NAMES_OF_A_HEADER = 2;
const IP_ADDRESS = /^\s*\d{1,3}(?:\.\d{1,3}){3}\s*$/;

/**
 * Refuses a table that shows beyond doubt that its first line is not the header: it is a row, or the title of a report
 * whose table begins below. Read all the same, a row would be lost or every row would come under a wrong name; and
 * what may be left out above a table is the user's to say.
 *
 * @param tops the first lines that are not blank; several times where they can be cut into cells in several ways, the
 * one that is meant first.
 */
export function requireHeader(tops: Iterable<TopLine[]>, recognise: (headers: string[]) => number): void {
  let header: TopLine | undefined;
  for (const top of tops) {
    if (header === undefined) {
      header = top[0];
      if (header === undefined || recognise(header.cells) > 0) return;
      refuseAddress(header);
    }
    const { number, cells } = header;
    const below = top.find(
      (line) => filled(line.cells) > filled(cells) && recognise(line.cells) >= NAMES_OF_A_HEADER,
    );
    if (!below) continue;
    throw new UnreadableFileError(
      `The column names seem to stand in line ${below.number}, not in line ${number}: ` +
        'delete the lines above them and upload the file again.',
    );
  }
}

function refuseAddress({ number, cells }: TopLine): void {
  const address = cells.find((cell) => IP_ADDRESS.test(cell));
  if (address === undefined) return;
  throw new UnreadableFileError(
    `Line ${number} holds data where column names are expected: "${excerpt(address.trim())}" is an IP address. ` +
      'Put a line with the names of the columns above it.',
  );
}

function filled(cells: string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}
