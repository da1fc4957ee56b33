import { couldBeNames, coversWidth, standsAboveValues, usedWidth } from './header-evidence';
import { filledCells, type TopLine } from './top-line';

const COMMENT = /^(?:#|\/\/|--)\s*\S/;
const RULE = /^[-=_+|*\s]+$/;
/** Two names of asset fields side by side are no chance. */
const NAMES_OF_A_HEADER = 2;

/**
 * Finds the line of the column names among the first lines of a table that are not empty: below titles, notes and the
 * upper one of two header lines. Where nothing speaks for another line it is the first one, so that no header is taken
 * for a title. `recognise` counts the headers that mean something in an inventory.
 */
export function findHeader(top: readonly TopLine[], recognise: (headers: string[]) => number): number {
  const candidates = top.map((line, at) => {
    const filled = filledCells(line.cells).length;
    return { at, line, filled, recognised: couldBeNames(line.cells) ? recognise(line.cells) : 0 };
  });
  const first = firstOf(candidates, top);
  if (first === undefined) return 0;
  return (knownBelow(candidates, first) ?? shapedBelow(candidates, first, top) ?? first).at;
}

interface Candidate {
  at: number;
  line: TopLine;
  filled: number;
  recognised: number;
}

/** The first line that is more than a comment or a rule. */
function firstOf(candidates: readonly Candidate[], top: readonly TopLine[]): Candidate | undefined {
  const isAside = ({ line: { cells } }: Candidate): boolean => {
    const [text = ''] = filledCells(cells);
    return COMMENT.test(text) || RULE.test(text);
  };
  const plain = candidates.find((one) => !isAside(one));
  if (plain === undefined) return candidates[0];
  const above = candidates[plain.at - 1];
  // `#Name,IP`: a header that is commented out for the program which reads the file.
  const isHeader =
    above !== undefined &&
    above.filled > 1 &&
    above.filled >= plain.filled &&
    couldBeNames(above.line.cells) &&
    plain.recognised < NAMES_OF_A_HEADER &&
    (above.recognised > plain.recognised ||
      (standsAboveValues(above.line, top.slice(plain.at)) &&
        !standsAboveValues(plain.line, top.slice(plain.at + 1))));
  return isHeader ? above : plain;
}

/** A line further down that has a meaning as a header, where the first has next to none. */
function knownBelow(candidates: readonly Candidate[], first: Candidate): Candidate | null {
  const best = candidates.slice(first.at + 1).reduce((a, b) => (b.recognised > a.recognised ? b : a), first);
  if (best === first || best.recognised < NAMES_OF_A_HEADER) return null;
  if (first.filled * 2 <= best.filled) return best;
  if (first.recognised > 0) return null;
  if (best.at === first.at + 1 && fillsGaps(best, first)) return best;
  if (!couldBeNames(first.line.cells)) return best.filled >= first.filled ? best : null;
  return best.recognised > NAMES_OF_A_HEADER && best.filled > first.filled ? best : null;
}

/** Names of groups stand above the first of their columns only. */
function fillsGaps(lower: Candidate, upper: Candidate): boolean {
  const isGap = (cell: string, column: number): boolean =>
    cell.trim() !== '' && (upper.line.cells[column] ?? '').trim() === '';
  return lower.line.cells.some(isGap);
}

/** A line further down that has the shape of a header, where the first has that of a title. */
function shapedBelow(
  candidates: readonly Candidate[],
  first: Candidate,
  top: readonly TopLine[],
): Candidate | null {
  for (const one of candidates.slice(first.at + 1)) {
    const below = top.slice(one.at + 1);
    if (one.filled < 2 || !couldBeNames(one.line.cells)) continue;
    if (one.filled < medianFilled(below) || !coversWidth(one.line, below)) continue;
    const above = candidates.slice(first.at, one.at);
    const isNarrow = above.every(({ filled }) => filled <= Math.max(1, one.filled / 2));
    const areNotes = above.every(({ filled, line }) => filled === 1 || !couldBeNames(line.cells));
    if (!isNarrow && !areNotes) return null;
    const needed = first.recognised > 0 ? 3 : 2;
    return signsOfTitle(above, one, below) >= needed ? one : null;
  }
  return null;
}

/** How much speaks for a title above a header, rather than for a short header above a row. */
function signsOfTitle(above: readonly Candidate[], header: Candidate, below: readonly TopLine[]): number {
  const title = filledCells(above[0]?.line.cells ?? []).join(' ');
  const numbers = [...above, header].map(({ line }) => line.number);
  const width = usedWidth(header.line.cells);
  const signs = [
    header.recognised > 0,
    header.recognised >= NAMES_OF_A_HEADER,
    standsAboveValues(header.line, below),
    // An empty line below the title.
    numbers.some((number, i) => i > 0 && number > (numbers[i - 1] ?? number) + 1),
    /[\s:\d]/.test(title),
    width >= 3 && below.length > 1 && below.every(({ cells }) => usedWidth(cells) === width),
  ];
  // `red, green, blue` is a sentence.
  const isProse = header.line.cells.slice(1).every((cell) => /^ \S/.test(cell));
  return signs.filter((sign) => sign).length - (isProse ? 1 : 0);
}

function medianFilled(lines: readonly TopLine[]): number {
  const counts = lines.map(({ cells }) => filledCells(cells).length).sort((a, b) => a - b);
  return counts[counts.length >> 1] ?? Number.POSITIVE_INFINITY;
}
