import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { isBlankLine, type TopLine } from '../top-line';
import { DelimitedScanner } from './delimited-scanner';
import type { Quoting } from './quoting';

/** The first lines of a text that are not empty. Unless it is the whole text it may end within a line, which is left out. */
export function topLines(
  text: string,
  {
    delimiter,
    firstLine,
    most,
    isWhole,
    quoting,
  }: { delimiter: string; firstLine: number; most: number; isWhole: boolean; quoting: Quoting },
): TopLine[] {
  const scanner = new DelimitedScanner(delimiter, firstLine, quoting);
  scanner.push(text);
  if (isWhole) scanner.end();
  const found: TopLine[] = [];
  try {
    while (found.length < most) {
      const cells = scanner.next();
      if (cells === undefined) break;
      if (!isBlankLine(cells)) found.push({ number: scanner.line, cells });
    }
  } catch (error) {
    // Under a wrong delimiter a quote may seem unclosed; under the right one the reader will say so.
    if (!(error instanceof UnreadableFileError)) throw error;
  }
  return found;
}
