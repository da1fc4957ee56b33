const SCIENTIFIC = /^[+-]?\d(?:[.,]\d+)?e\+\d{2,3}$/i;

/**
 * Whether a spreadsheet has made a number of an identifier and rounded it, as in `9.13E+11` or `6.37702E+15`. Many
 * identifiers become the same text so, and none can be had back.
 */
export function isDamagedNumber(text: string): boolean {
  return SCIENTIFIC.test(text);
}
