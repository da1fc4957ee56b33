import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { TOP_LINES, type TopLine } from '../require-header';
import { DelimitedScanner } from './delimited-scanner';

const OTHER_DELIMITERS = ['\t', ';', '|', ','];

/**
 * The first lines of a text by its delimiter; where the first is a single cell also by others, since a title shows
 * nothing of the delimiter that the table below it has.
 */
export function* topLines(
  text: string,
  { delimiter, firstLine }: { delimiter: string; firstLine: number },
): Generator<TopLine[]> {
  const top = linesBy(delimiter, text, firstLine);
  yield top;
  if (top[0]?.cells.length !== 1) return;
  for (const other of OTHER_DELIMITERS) yield linesBy(other, text, firstLine);
}

function linesBy(delimiter: string, text: string, firstLine: number): TopLine[] {
  const scanner = new DelimitedScanner(delimiter, firstLine);
  scanner.push(text);
  const found: TopLine[] = [];
  try {
    while (found.length < TOP_LINES) {
      const cells = scanner.next();
      if (cells === undefined) break;
      if (cells.some((cell) => cell.trim() !== '')) found.push({ number: scanner.line, cells });
    }
  } catch (error) {
    // Where a quote is not closed, the reader will say so.
    if (!(error instanceof UnreadableFileError)) throw error;
  }
  return found;
}
