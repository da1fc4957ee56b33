/** How a cell is written that holds a delimiter, a line break or a quote. */
export interface Quoting {
  quote: '"' | "'";
  /** Whether a quote within it is written `\"`; otherwise it is doubled. */
  backslash: boolean;
}

export const USUAL_QUOTING: Quoting = { quote: '"', backslash: false };
