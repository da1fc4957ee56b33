import { StringDecoder } from 'node:string_decoder';

import { UnreadableFileError } from '../../errors/unreadable-file.error';
import type { Encoding } from './detect-encoding';
import { EIGHT_BIT } from './eight-bit/charsets';
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
  const table = EIGHT_BIT.get(charset);
  if (table !== undefined) return { write: (bytes) => decodeEightBit(bytes, table), end: () => '' };
  const decoder = new TextDecoder(charset);
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

function decodeEightBit(bytes: Buffer, table: string): string {
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (char) => table.charAt(char.charCodeAt(0) - 0x80));
}
