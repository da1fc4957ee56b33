// What tools and people write for "nothing known". None of it is a name that a machine would bear.
const NULL_WORDS = new Set([
  '',
  '-',
  '-1',
  '--',
  '?',
  '#n/a',
  '#value!',
  '(blank)',
  '(leer)',
  '<null>',
  'k.a.',
  'keine angabe',
  'leer',
  'n.a.',
  'n/a',
  'na',
  'nan',
  'nil',
  'none',
  'not available',
  'not specified',
  'null',
  'tbd',
  'tbc',
  'unbekannt',
  'undefined',
  'unknown',
]);

const LONGEST = Math.max(...[...NULL_WORDS].map((word) => word.length));

/** Whether a trimmed cell says that there is no value. */
export function isNullWord(text: string): boolean {
  return text.length <= LONGEST && NULL_WORDS.has(text.toLowerCase());
}
