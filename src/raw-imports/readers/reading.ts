/** How a request wants a file to be read; null where it is left to be detected. */
export interface Reading {
  /** The sheet of a workbook. */
  sheet: string | null;
  /** The line of the column names, or `none` where the file has none. */
  header: number | 'none' | null;
  /** One character. */
  delimiter: string | null;
  /** What TextDecoder calls it. */
  encoding: string | null;
  /** Whether lines that look like a footer are records too. */
  keep_footer: boolean;
}

export const DETECT_ALL: Reading = {
  sheet: null,
  header: null,
  delimiter: null,
  encoding: null,
  keep_footer: false,
};
