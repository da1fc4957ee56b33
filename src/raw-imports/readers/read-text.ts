import { StringDecoder } from 'node:string_decoder';

import { UnreadableFileError } from '../../errors/unreadable-file.error';
import type { Encoding } from './detect-encoding';
import { readRange } from './read-range';
import type { SpooledFile } from './spooled-file';

interface Decoder {
  write(bytes: Buffer): string;
  end(): string;
}

/** The file's text in chunks of about 256 KiB, without its byte order mark. Each call reads from the beginning. */
export async function* readText(file: SpooledFile, encoding: Encoding): AsyncGenerator<string> {
  const isUtf16 = encoding.charset.startsWith('utf-16');
  if (isUtf16 && file.content_bytes % 2 !== 0) {
    throw new UnreadableFileError('The UTF-16 text ends in the middle of a character: the file is cut off.');
  }
  const decoder = decoderFor(encoding.charset);
  for await (const bytes of readRange(file, encoding.bom_bytes, file.content_bytes)) {
    const text = decoder.write(bytes);
    if (text !== '') yield text;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

/**
 * StringDecoder rather than TextDecoder where it can: it is faster on Node 20, and it keeps lone surrogates of
 * UTF-16 apart from genuine U+FFFD, so that their rows can be rejected.
 */
function decoderFor(charset: string): Decoder {
  if (charset === 'utf-8') return new StringDecoder('utf8');
  if (charset === 'utf-16le') return new StringDecoder('utf16le');
  if (charset === 'utf-16be') {
    const decoder = new StringDecoder('utf16le');
    return { write: (bytes) => decoder.write(bytes.swap16()), end: () => decoder.end() };
  }
  if (charset === 'windows-1252') return { write: decodeWindows1252, end: () => '' };
  const decoder = new TextDecoder(charset);
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

const WINDOWS_1252_C1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** By hand, because TextDecoder takes 0x80–0x9F for Latin-1 from Node 20.18.3 and 22.13 on (nodejs/node#60888). */
function decodeWindows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252_C1.charAt(char.charCodeAt(0) - 0x80));
}
