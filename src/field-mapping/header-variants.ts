import { isWrapper, pathSegments } from './path-segments';
import { readHeader, type Header } from './read-header';

// What of a thing that has a name of its own stands for it, as in `site.name` or `role.display`.
const STANDS_FOR_IT = new Set([
  'display',
  'display_name',
  'display_value',
  'label',
  'name',
  'title',
  'value',
]);

// Brackets that say which of several quantities a column holds, or that it holds another.
const MEASURE = /hz|%|percent|us(?:ed|age)|util|free|avg|average|max|min|peak|cost|price/i;
// How reports write a path: `Summary|Guest|Hostname`, `Account info: Site`, `Betriebssystem - Name`.
const LABEL_SEPARATOR = /\s*[|>:]+\s*|\s+[-–—]\s+/u;
// Microsoft's inventories end the name of each column so.
const TRAILING_ZERO = /(?<=\p{L})0$/u;

/** A header as it is, and then with less and less around what it names: notes in brackets, the objects of a path. */
export function headerVariants(column: string): Header[] {
  const whole = readHeader(column);
  const segments = labelSegments(column);
  const texts = segments.length > 1 ? pathTexts(segments) : [withoutNotes(column)];
  return [
    whole,
    ...[...texts, column.replace(TRAILING_ZERO, '')]
      .filter((text) => text !== column)
      .map((text) => withUnitOf(whole, readHeader(text))),
  ];
}

/** The ends of a path, the longest first, each with what stands before it. */
export function headerEndings(column: string): { context: string; header: Header }[] {
  const whole = readHeader(column);
  const segments = labelSegments(column);
  return segments.slice(1).map((_, index) => ({
    context: segments.slice(0, index + 1).join(' '),
    header: withUnitOf(whole, readHeader(segments.slice(index + 1).join(' '))),
  }));
}

export function withUnitOf({ unit, unitText }: Header, { words, key }: Header): Header {
  return { words, key, unit, unitText };
}

function labelSegments(column: string): string[] {
  const segments = pathSegments(column);
  return segments.length > 1
    ? segments
    : column.split(LABEL_SEPARATOR).filter((segment) => segment.trim() !== '');
}

function pathTexts(segments: readonly string[]): string[] {
  const start = segments.findIndex((segment) => !isWrapper(segment));
  if (start < 0) return [];
  const rest = segments.slice(start);
  const last = rest.at(-1) ?? '';
  const texts = [rest.join(' ')];
  if (rest.length > 1 && STANDS_FOR_IT.has(last.toLowerCase())) texts.push(rest.slice(0, -1).join(' '));
  return texts;
}

function withoutNotes(column: string): string {
  // Of a bounded length: a header may be anything, a hundred thousand brackets too.
  const notes = /[([{][^)\]}]{0,100}[)\]}]/gu;
  return (column.match(notes) ?? []).some((note) => MEASURE.test(note))
    ? column
    : column.replace(notes, ' ').trim();
}
