import { UnsupportedTypeError } from '../../errors/unsupported-type.error';
import { charsetOf } from './eight-bit/charsets';
import { guessEightBit } from './eight-bit/guess-eight-bit';
import type { EncodingEvidence } from './encoding-evidence';

export interface Encoding {
  /** As reported: the WHATWG name, or utf-8-bom. */
  readonly name: string;
  /** What TextDecoder calls it. */
  readonly charset: string;
  readonly bom_bytes: number;
}

const BOMS: { encoding: Encoding; bytes: number[] }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: { name: 'utf-8-bom', charset: 'utf-8', bom_bytes: 3 } },
  { bytes: [0xff, 0xfe], encoding: { name: 'utf-16le', charset: 'utf-16le', bom_bytes: 2 } },
  { bytes: [0xfe, 0xff], encoding: { name: 'utf-16be', charset: 'utf-16be', bom_bytes: 2 } },
];

/** That of UTF-16LE is the beginning of one of these. */
const UTF_32 = [
  [0xff, 0xfe, 0, 0],
  [0, 0, 0xfe, 0xff],
];

/** A byte order mark decides, then the declared charset, then the bytes of the whole file. */
export function detectEncoding(evidence: EncodingEvidence, declaredCharset: string | null): Encoding {
  if (UTF_32.some((bytes) => bytes.every((byte, at) => evidence.head[at] === byte))) {
    throw new UnsupportedTypeError('The text is in UTF-32, which is not read. Save it as UTF-8.');
  }
  const marked = BOMS.find(({ bytes }) => bytes.every((byte, at) => evidence.head[at] === byte));
  if (marked) return marked.encoding;
  const charset = declaredCharset === null ? guessCharset(evidence) : knownCharset(declaredCharset);
  return { name: charset, charset, bom_bytes: 0 };
}

function knownCharset(label: string): string {
  try {
    return charsetOf(label);
  } catch {
    throw new UnsupportedTypeError(`The charset "${label}" of the media type is unknown.`);
  }
}

function guessCharset(evidence: EncodingEvidence): string {
  const [even, odd] = evidence.nul_bytes;
  // A fifth of all bytes: text of any script has that many ASCII separators and line ends; stray NULs are rarer.
  if (even + odd > evidence.total_bytes / 5) {
    if (odd > even * 20) return 'utf-16le';
    if (even > odd * 20) return 'utf-16be';
  }
  // A few broken bytes in a UTF-8 file must cost their rows only, not turn every other umlaut to mojibake.
  if (evidence.utf8_faults === 0 || evidence.utf8_sequences >= evidence.utf8_faults) return 'utf-8';
  return guessEightBit(evidence);
}
