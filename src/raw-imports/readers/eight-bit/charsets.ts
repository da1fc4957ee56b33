const LATIN_1 = Array.from({ length: 96 }, (_, i) => String.fromCharCode(0xa0 + i)).join('');
const WINDOWS_1252_C1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
/** What the console of Windows writes in Western Europe; no label of the WHATWG Encoding Standard stands for it. */
const IBM850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀' +
  'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';

/**
 * The characters of the bytes from 0x80 on. Those of Windows-1252 by hand, because TextDecoder takes 0x80–0x9F for
 * Latin-1 from Node 20.18.3 and 22.13 on (nodejs/node#60888).
 */
export const EIGHT_BIT: ReadonlyMap<string, string> = new Map([
  ['windows-1252', WINDOWS_1252_C1 + LATIN_1],
  ['ibm850', IBM850],
]);

const BYTES = Uint8Array.from({ length: 128 }, (_, i) => 0x80 + i);

/** U+FFFD where a byte means nothing. */
export function charactersOf(charset: string): string {
  return EIGHT_BIT.get(charset) ?? new TextDecoder(charset).decode(BYTES);
}

/**
 * The charset that a label names.
 * @throws RangeError where nobody knows it.
 */
export function charsetOf(label: string): string {
  const name = label.trim().toLowerCase();
  return EIGHT_BIT.has(name) ? name : new TextDecoder(label).encoding;
}
