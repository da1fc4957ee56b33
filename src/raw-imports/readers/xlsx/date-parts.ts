export type DateParts = 'date' | 'time' | 'datetime' | 'duration';

/** Formats that every workbook has without saying so (ECMA-376 18.8.30), the East Asian ones included. */
const BUILT_IN: { from: number; to: number; parts: DateParts }[] = [
  { from: 14, to: 17, parts: 'date' },
  { from: 18, to: 21, parts: 'time' },
  { from: 22, to: 22, parts: 'datetime' },
  { from: 27, to: 31, parts: 'date' },
  { from: 32, to: 35, parts: 'time' },
  { from: 36, to: 36, parts: 'date' },
  { from: 45, to: 45, parts: 'time' },
  { from: 46, to: 46, parts: 'duration' },
  { from: 47, to: 47, parts: 'time' },
  { from: 50, to: 58, parts: 'date' },
];

/** Quoted and escaped text, padding, and brackets other than those around an elapsed time. */
const LITERALS = /"[^"]*"|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi;

/** What a number format shows of a moment; null where it shows a plain number. */
export function dateParts(formatId: string, code: string | undefined): DateParts | null {
  if (code === undefined) {
    const id = Number(formatId);
    return BUILT_IN.find(({ from, to }) => from <= id && id <= to)?.parts ?? null;
  }
  const positive = code.replace(LITERALS, '').split(';', 1).join('').toLowerCase();
  if (positive.includes('[')) return 'duration';
  const time = /[hs]/.test(positive);
  // A lone m is a month; beside hours or seconds it is minutes.
  if (/[yd]/.test(positive) || (!time && positive.includes('m'))) return time ? 'datetime' : 'date';
  return time ? 'time' : null;
}
