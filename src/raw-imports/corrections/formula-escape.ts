/** What makes a spreadsheet take a cell for a formula (OWASP, CSV injection), also in its full-width forms. */
const FORMULA = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/**
 * A cell of a rejects file, with an apostrophe before what a spreadsheet would run as a formula. A text that looks
 * escaped by itself gets one more, so that `unescapeFormula` gives every text back as it was.
 */
export function escapeFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

export function unescapeFormula(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}
