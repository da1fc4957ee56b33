/** No amount takes more. The forms below backtrack, and a cell may hold a million digits. */
const LONGEST = 100;
const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

// Tried in order, after the plain form. A group of thousands never starts with a zero, so `0,290` is a fraction.
const LOCAL_FORMS: readonly { form: RegExp; group: RegExp; decimal: ',' | '.' }[] = [
  { form: /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/, group: /,/g, decimal: '.' },
  { form: /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+$/, group: /\./g, decimal: ',' },
  { form: /^[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}$/, group: /\./g, decimal: ',' },
  { form: /^[+-]?[1-9]\d{0,2}(?:[\s'’]\d{3})+(?:\.\d+)?$/, group: /[\s'’]/g, decimal: '.' },
  { form: /^[+-]?[1-9]\d{0,2}(?:[\s'’]\d{3})+,\d+$/, group: /[\s'’]/g, decimal: ',' },
  { form: /^[+-]?\d+,\d+(?:e[+-]?\d+)?$/i, group: /\s/g, decimal: ',' },
];

/**
 * Reads a number as English, German, French or Swiss software prints it; null for anything else.
 *
 * Two forms are ambiguous: `1,200` is 1200 (three digits after the only comma are thousands), `1.200` is 1.2 (a lone
 * point is what every program prints for a fraction).
 */
export function parseDecimal(text: string): number | null {
  if (text.length > LONGEST) return null;
  if (PLAIN.test(text)) return Number(text);
  const local = LOCAL_FORMS.find(({ form }) => form.test(text));
  return local === undefined ? null : Number(text.replace(local.group, '').replace(local.decimal, '.'));
}
