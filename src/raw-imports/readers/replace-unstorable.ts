const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/** A text with U+FFFD in the place of what PostgreSQL cannot store. */
export function replaceUnstorable(text: string): string {
  return text.replaceAll('\0', '\ufffd').replace(LONE_SURROGATE, '\ufffd');
}
