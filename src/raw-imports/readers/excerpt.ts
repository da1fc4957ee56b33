import { replaceUnstorable } from './replace-unstorable';

const LENGTH = 1000;

/** Enough of an offending text to find it by, as it can be stored; a surrogate pair is never cut in two. */
export function excerpt(text: string, length = LENGTH): string {
  if (text.length <= length) return replaceUnstorable(text);
  return replaceUnstorable(text.slice(0, length).replace(/[\ud800-\udbff]$/, ''));
}
