const LENGTH = 1000;

/** Enough of an offending text to find it by; a surrogate pair is never cut in two. */
export function excerpt(text: string): string {
  return text.length <= LENGTH ? text : text.slice(0, LENGTH).replace(/[\ud800-\udbff]$/, '');
}
