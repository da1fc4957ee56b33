import { replaceUnstorable } from './replace-unstorable';

const LENGTH = 1000;

/** Enough of an offending text to find it by, as it can be stored; a surrogate pair is never cut in two. */
export function excerpt(text: string): string {
  if (text.length <= LENGTH) return replaceUnstorable(text);
  return replaceUnstorable(text.slice(0, LENGTH).replace(/[\ud800-\udbff]$/, ''));
}
