import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { excerpt } from '../excerpt';
import { DelimitedScanner } from './delimited-scanner';

const RECORDS_TO_LOOK_AT = 25;
/** Two names of asset fields side by side are no chance. */
const NAMES_OF_A_HEADER = 2;
const OTHER_DELIMITERS = ['\t', ';', '|', ','];
const IP_ADDRESS = /^\s*\d{1,3}(?:\.\d{1,3}){3}\s*$/;

/**
 * Refuses a text that shows beyond doubt that its first line is not the header: it is a row, or the title of a report
 * whose table begins below. Read all the same, a row would be lost or every row would come under a wrong name; and
 * what may be left out above a table is the user's to say.
 */
export function requireHeader(
  sample: string,
  { delimiter, firstLine }: { delimiter: string; firstLine: number },
  recognise: (headers: string[]) => number,
): void {
  const [header] = records(sample, delimiter, firstLine);
  if (header === undefined || recognise(header.cells) > 0) return;
  const address = header.cells.find((cell) => IP_ADDRESS.test(cell));
  if (address !== undefined) {
    throw new UnreadableFileError(
      `Line ${header.line} holds data where column names are expected: "${excerpt(address.trim())}" is an IP address. ` +
        'Put a line with the names of the columns above it.',
    );
  }
  // Above a title of one cell nothing shows the delimiter of the table below.
  const delimiters = header.cells.length === 1 ? [delimiter, ...OTHER_DELIMITERS] : [delimiter];
  for (const candidate of delimiters) {
    const below = records(sample, candidate, firstLine).find(
      ({ cells }) => filled(cells) > filled(header.cells) && recognise(cells) >= NAMES_OF_A_HEADER,
    );
    if (!below) continue;
    throw new UnreadableFileError(
      `The column names seem to stand in line ${below.line}, not in line ${header.line}: ` +
        'delete the lines above them and upload the file again.',
    );
  }
}

function records(text: string, delimiter: string, firstLine: number): { line: number; cells: string[] }[] {
  const scanner = new DelimitedScanner(delimiter, firstLine);
  scanner.push(text);
  const found: { line: number; cells: string[] }[] = [];
  try {
    while (found.length < RECORDS_TO_LOOK_AT) {
      const cells = scanner.next();
      if (cells === undefined) break;
      if (filled(cells) > 0) found.push({ line: scanner.line, cells });
    }
  } catch (error) {
    // Where a quote is not closed, the reader will say so.
    if (!(error instanceof UnreadableFileError)) throw error;
  }
  return found;
}

function filled(cells: string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}
