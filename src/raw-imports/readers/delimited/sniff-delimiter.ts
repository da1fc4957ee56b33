import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { DelimitedScanner } from './delimited-scanner';

/** The rarer in plain text first: when two explain the file equally well, the rarer one is meant. */
const CANDIDATES = ['\t', ';', '|', ','];
const RECORDS_TO_JUDGE_BY = 100;

/**
 * The delimiter under which the records of a sample agree best with their header, quotes respected; where several do
 * equally, the one that gives more headers a meaning, then the one that gives more of them. `fallback` when the
 * header is one cell under each.
 */
export function sniffDelimiter(
  sample: string,
  fallback: string,
  recognise: (headers: string[]) => number,
): string {
  const scores = CANDIDATES.map((delimiter) => ({
    delimiter,
    rank: rank(records(sample, delimiter), recognise),
  }));
  const best = scores.reduce((a, b) => (compare(b.rank, a.rank) > 0 ? b : a));
  return best.rank[0] > 0 ? best.delimiter : fallback;
}

/** The sample may end within a record; that one is left out unless it is the only one. */
function records(sample: string, delimiter: string): string[][] {
  const scanner = new DelimitedScanner(delimiter, 1);
  scanner.push(sample);
  const found: string[][] = [];
  try {
    while (found.length < RECORDS_TO_JUDGE_BY) {
      const record = scanner.next();
      if (record === undefined) {
        if (found.length > 0) break;
        scanner.end();
        const only = scanner.next();
        return only === undefined ? [] : [only];
      }
      if (record.some((cell) => cell.trim() !== '')) found.push(record);
    }
  } catch (error) {
    // Under a wrong delimiter a quote may seem unclosed; under the right one the reader will say so.
    if (!(error instanceof UnreadableFileError)) throw error;
  }
  return found;
}

type Rank = [agreeing: number, recognised: number, width: number];

function rank([header, ...rows]: string[][], recognise: (headers: string[]) => number): Rank {
  if (header === undefined || header.length < 2) return [0, 0, 0];
  const agreeing = rows.filter((row) => row.length > 1 && usedWidth(row) <= header.length).length;
  return [(agreeing + 1) / (rows.length + 1), recognise(header), header.length];
}

/** Without blank cells at the end, which spreadsheets add freely. */
function usedWidth(row: string[]): number {
  return row.findLastIndex((cell) => cell.trim() !== '') + 1;
}

function compare(a: Rank, b: Rank): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
