// eslint-disable-next-line no-control-regex -- what ASCII is
const ASCII = /^[\x00-\x7f]*$/;

/**
 * Lower case for the letters of ASCII alone, as host names know them, and as the database's indexes fold: there
 * `lower(… COLLATE "C")`. Rules of languages differ between the two.
 */
export function foldCase(text: string): string {
  const trimmed = text.trim();
  // The same, and many times as fast.
  if (ASCII.test(trimmed)) return trimmed.toLowerCase();
  return trimmed.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
