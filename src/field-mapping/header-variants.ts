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

/** A header as it is, and then with less and less around what it names: notes in brackets, the objects of a JSON path. */
export function headerVariants(column: string): Header[] {
  const whole = readHeader(column);
  const segments = pathSegments(column);
  const texts = segments.length > 1 ? pathTexts(segments) : [withoutNotes(column)];
  return [
    whole,
    ...texts.filter((text) => text !== column).map((text) => ({ ...readHeader(text), ...unitOf(whole) })),
  ];
}

function unitOf({ unit, unitText }: Header): Pick<Header, 'unit' | 'unitText'> {
  return { unit, unitText };
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
