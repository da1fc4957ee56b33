/**
 * Lower case for the letters of ASCII alone, as host names know them, and as the database's indexes fold: there
 * `lower(… COLLATE "C")`. Rules of languages differ between the two.
 */
export function foldCase(text: string): string {
  return text.trim().replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
