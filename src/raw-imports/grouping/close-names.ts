import { splitWords } from '../../field-mapping/split-words';

const MOST = 5;
const LETTERS_ALIKE = 3;

/** The columns that a wrong name may mean: one name holds the other, or they begin alike. The closest come first. */
export function closeNames(wanted: string, columns: readonly string[]): string[] {
  const key = splitWords(wanted).join('');
  return columns
    .map((column) => ({ column, closeness: closeness(key, splitWords(column).join('')) }))
    .filter(({ closeness }) => closeness >= LETTERS_ALIKE)
    .sort((a, b) => b.closeness - a.closeness)
    .slice(0, MOST)
    .map(({ column }) => column);
}

function closeness(a: string, b: string): number {
  if (a === '' || b === '') return 0;
  if (a.includes(b) || b.includes(a)) return LETTERS_ALIKE + Math.min(a.length, b.length);
  let alike = 0;
  while (alike < a.length && a[alike] === b[alike]) alike++;
  return alike;
}
