const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;

/**
 * How many values a JSON text holds at most, lists and objects among them, found without building any: a value follows
 * the start, a comma, or the opening of a list or an object. Counting stops past `limit`. What is no JSON has any count.
 */
export function countJsonValues(text: string, limit: number): number {
  let count = 1;
  for (let i = 0; i < text.length && count <= limit; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i + 1);
    else if (code === COMMA || code === OPENING_BRACKET || code === OPENING_BRACE) count++;
  }
  return count;
}

/** Where the quote is that ends the string; the end of the text where none does. */
function endOfString(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i;
  }
  return text.length;
}
