export interface Prologue {
  /** What a `sep=` line says. */
  delimiter: string | null;
  /** How much of the text, and how many lines of it, lie before the header. */
  length: number;
  lines: number;
}

const BLANK_LINE = /[ \t]*(?:\r\n|\n|\r)/y;
/** Excel obeys it, with or without quotes around it and delimiters behind it. */
const SEP_LINE = /"?sep=([^\r\n"])"?[^\r\n]*(?:\r\n|\n|\r|$)/iy;
/** What PowerShell's Export-Csv begins with. */
const TYPE_LINE = /#TYPE [^\r\n]*(?:\r\n|\n|\r|$)/y;

/** Reads what programs write before the header and people never see. */
export function readPrologue(text: string): Prologue {
  const prologue: Prologue = { delimiter: null, length: 0, lines: 0 };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = prologue.length;
    const match = pattern.exec(text);
    if (match) {
      prologue.length += match[0].length;
      prologue.lines++;
    }
    return match;
  };
  const skipBlankLines = (): void => {
    while (take(BLANK_LINE));
  };
  skipBlankLines();
  prologue.delimiter = take(SEP_LINE)?.[1] ?? null;
  skipBlankLines();
  if (take(TYPE_LINE)) skipBlankLines();
  return prologue;
}
