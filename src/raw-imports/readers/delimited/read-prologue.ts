import type { SkippedLine } from '../detected';
import { excerpt } from '../excerpt';

export interface Prologue {
  /** What a `sep=` line says. */
  delimiter: string | null;
  /** How much of the text, and how many lines of it, lie before the header. */
  length: number;
  lines: number;
  /** Those of them that say something. */
  skipped: SkippedLine[];
}

export const NO_PROLOGUE: Prologue = { delimiter: null, length: 0, lines: 0, skipped: [] };

const BLANK_LINE = /[ \t]*(?:\r\n|\n|\r)/y;
/** Excel obeys it, with or without quotes around it and delimiters behind it. */
const SEP_LINE = /"?sep=([^\r\n"\0\ud800-\udfff])"?[^\r\n]*(?:\r\n|\n|\r|$)/iy;
/** What PowerShell's Export-Csv begins with. */
const TYPE_LINE = /#TYPE [^\r\n]*(?:\r\n|\n|\r|$)/y;

/** Reads what programs write before the header and people never see. */
export function readPrologue(text: string): Prologue {
  const prologue: Prologue = { ...NO_PROLOGUE, skipped: [] };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = prologue.length;
    const match = pattern.exec(text);
    if (match) {
      prologue.length += match[0].length;
      prologue.lines++;
      const said = match[0].trim();
      if (said !== '')
        prologue.skipped.push({ line: prologue.lines, why: 'preamble', text: excerpt(said, 200) });
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
