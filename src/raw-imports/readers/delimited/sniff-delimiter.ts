import { findHeader } from '../find-header';
import { TOP_LINES } from '../top-line';
import { topLines } from './top-lines';

/** The rarer in plain text first: when two explain the file equally well, the rarer one is meant. */
const CANDIDATES = ['\x1f', '\t', '^', '~', ';', '|', ','];

interface SniffOptions {
  /** Whether the sample is the whole text. */
  isWhole: boolean;
  fallback: string;
  recognise: (headers: string[]) => number;
}

/**
 * The delimiter under which the records of a sample agree best with their header, quotes respected; where several do
 * equally, the one that gives more headers a meaning, then the one that gives more of them. `fallback` when the
 * header is one cell under each.
 */
export function sniffDelimiter(sample: string, { isWhole, fallback, recognise }: SniffOptions): string {
  const scores = CANDIDATES.filter((delimiter) => sample.includes(delimiter)).map((delimiter) => ({
    delimiter,
    rank: rank(
      topLines(sample, { delimiter, firstLine: 1, most: TOP_LINES, isWhole }).map(({ cells }) => cells),
      recognise,
    ),
  }));
  const best = scores.reduce((a, b) => (compare(b.rank, a.rank) > 0 ? b : a), {
    delimiter: fallback,
    rank: [0, 0, 0] as Rank,
  });
  return best.delimiter;
}

type Rank = [agreeing: number, recognised: number, width: number];

function rank(lines: string[][], recognise: (headers: string[]) => number): Rank {
  const at = findHeader(
    lines.map((cells, i) => ({ number: i, cells })),
    recognise,
  );
  const header = lines[at];
  const rows = lines.slice(at + 1);
  if (header === undefined || header.length < 2) return [0, 0, 0];
  const agreeing = rows.filter((row) => row.length > 1 && usedWidth(row) <= header.length).length;
  // What stands above the header agrees with nothing.
  return [(agreeing + 1) / (rows.length + at + 1), recognise(header), header.length];
}

/** Without blank cells at the end, which spreadsheets add freely. */
function usedWidth(row: string[]): number {
  return row.findLastIndex((cell) => cell.trim() !== '') + 1;
}

function compare(a: Rank, b: Rank): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
