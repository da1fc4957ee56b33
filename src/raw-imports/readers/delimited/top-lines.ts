import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { isBlankLine, type TopLine } from '../top-line';
import { DelimitedScanner } from './delimited-scanner';

/** The first lines of a text that are not empty. It may end within a line; that one is left out unless it is the only one. */
export function topLines(
  text: string,
  { delimiter, firstLine, most }: { delimiter: string; firstLine: number; most: number },
): TopLine[] {
  const scanner = new DelimitedScanner(delimiter, firstLine);
  scanner.push(text);
  const found: TopLine[] = [];
  try {
    while (found.length < most) {
      const cells = scanner.next();
      if (cells === undefined) {
        if (found.length > 0 || scanner.isEnded) break;
        scanner.end();
        continue;
      }
      if (!isBlankLine(cells)) found.push({ number: scanner.line, cells });
    }
  } catch (error) {
    // Under a wrong delimiter a quote may seem unclosed; under the right one the reader will say so.
    if (!(error instanceof UnreadableFileError)) throw error;
  }
  return found;
}
