import { findHeader } from '../find-header';
import { usedWidth } from '../header-evidence';
import { TOP_LINES, type TopLine } from '../top-line';
import type { Quoting } from './quoting';
import { topLines } from './top-lines';

/** The rarer in plain text first: when two explain the file equally well, the rarer one is meant. */
const CANDIDATES = ['\x1f', '\t', '^', '~', ';', '|', ','];

interface SniffOptions {
  /** Whether the sample is the whole text. */
  isWhole: boolean;
  quoting: Quoting;
  fallback: string;
  recognise: (headers: string[]) => number;
}

/**
 * The delimiter under which the records of a sample agree best with their header, quotes respected; where several do
 * equally, the one that gives more headers a meaning, then the one that gives more of them. `fallback` when the
 * header is one cell under each.
 */
export function sniffDelimiter(
  sample: string,
  { isWhole, quoting, fallback, recognise }: SniffOptions,
): string {
  const scores = CANDIDATES.filter((delimiter) => sample.includes(delimiter)).map((delimiter) => ({
    delimiter,
    rank: rank(topLines(sample, { delimiter, firstLine: 1, most: TOP_LINES, isWhole, quoting }), recognise),
  }));
  const best = scores.reduce((a, b) => (compare(b.rank, a.rank) > 0 ? b : a), {
    delimiter: fallback,
    rank: [0, 0, 0] as Rank,
  });
  return best.delimiter;
}

type Rank = [agreeing: number, recognised: number, width: number];

function rank(lines: TopLine[], recognise: (headers: string[]) => number): Rank {
  const at = findHeader(lines, recognise);
  const header = lines[at]?.cells;
  const rows = lines.slice(at + 1);
  if (header === undefined || header.length < 2) return [0, 0, 0];
  const agreeing = rows.filter(({ cells }) => cells.length > 1 && usedWidth(cells) <= header.length).length;
  // What stands above the header agrees with nothing.
  return [(agreeing + 1) / (rows.length + at + 1), recognise(header), header.length];
}

function compare(a: Rank, b: Rank): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
