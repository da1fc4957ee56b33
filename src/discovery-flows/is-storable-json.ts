/** Whether PostgreSQL can store a value as jsonb: its texts and names hold neither NUL nor half a surrogate pair. */
export function isStorableJson(value: unknown): boolean {
  // Both can only come out of JSON.stringify as escapes; a backslash of the text's own is doubled.
  return !/\\u(?:0000|d[89a-f])/.test(JSON.stringify(value).replaceAll('\\\\', ''));
}
