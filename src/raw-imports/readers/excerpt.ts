const LENGTH = 1000;

/**
 * Enough of an offending text to find it by. It is stored and shown: a surrogate pair is never cut in two, and what
 * PostgreSQL cannot store, NUL and halves of pairs, is U+FFFD.
 */
export function excerpt(text: string, length = LENGTH): string {
  const shown = text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
  return shown.toWellFormed().replaceAll('\0', '\ufffd');
}
