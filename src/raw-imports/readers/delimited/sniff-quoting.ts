import type { Quoting } from './quoting';

/** A sample is a chunk of a file; more of it tells nothing new. */
const CHARS = 65_536;
const LINES = 100;

/**
 * How quotes are written. Double quotes that are doubled, unless it is certain that it is otherwise: apostrophes and
 * backslashes are part of many texts.
 */
export function sniffQuoting(sample: string, isWhole: boolean): Quoting {
  const head = sample.slice(0, CHARS);
  const lines = head.split(/\r\n|\n|\r/).slice(0, LINES);
  if (!isWhole || head.length < sample.length) lines.pop();
  const filled = lines.filter((line) => line.trim() !== '');
  const quote = !head.includes('"') && filled.length > 1 && filled.every(isInApostrophes) ? "'" : '"';
  return { quote, backslash: quote === '"' && escapesQuotes(head) };
}

/** `'a','b'`: at least two cells, each of them in apostrophes or a number. */
function isInApostrophes(line: string): boolean {
  return (
    /^(?:'(?:[^']|'')*'|[\d.]*)(?:[,;|\t](?:'(?:[^']|'')*'|[\d.]*|NULL))+$/.test(line) && line.includes("'")
  );
}

/**
 * `"a \"b\" c"`: quotes behind a backslash amid a cell, where doubled ones do not occur and no cell ends in a
 * backslash, as a path does.
 */
function escapesQuotes(head: string): boolean {
  if (!head.includes('\\"')) return false;
  const opens = /(?:^|[,;|^~\t\r\n])[ \t]*"/.test(head);
  const escaped = /(?:^|[^\\])(?:\\\\)*\\"[^\s",;|^~]/.test(head);
  const doubled = /[^\s,;|^~"\\]""[^\s,;|^~"]/.test(head);
  const path = /(?:^|[^\\])(?:\\\\)*\\"(?:[,;|^~\t\r\n]|$)/.test(head);
  return opens && escaped && !doubled && !path;
}
