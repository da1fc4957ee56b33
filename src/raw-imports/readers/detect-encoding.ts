import { UnsupportedTypeError } from '../../errors/unsupported-type.error';
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

/** A byte order mark decides, then the declared charset, then the bytes of the whole file. */
export function detectEncoding(evidence: EncodingEvidence, declaredCharset: string | null): Encoding {
  const marked = BOMS.find(({ bytes }) => bytes.every((byte, at) => evidence.head[at] === byte));
  if (marked) return marked.encoding;
  const charset = declaredCharset === null ? guessCharset(evidence) : knownCharset(declaredCharset);
  return { name: charset, charset, bom_bytes: 0 };
}

function knownCharset(label: string): string {
  try {
    return new TextDecoder(label).encoding;
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
  if (looksLikeMacRoman(evidence)) return 'macintosh';
  if (looksCyrillic(evidence)) return 'windows-1251';
  return looksPolish(evidence) ? 'windows-1250' : 'windows-1252';
}

const A_FEW_WORDS = 20;

/** Every letter of a Cyrillic word lies from 0xC0 on; a Latin text has one accent in twenty letters. */
function looksCyrillic({ high_bytes, total_bytes }: EncodingEvidence): boolean {
  const letters = countOf(high_bytes, 0xc0, 0xff);
  return letters > total_bytes / 8 && letters >= A_FEW_WORDS;
}

/** ś, ź, ą, ł and ż stand where Windows-1252 has œ, Ÿ, ¹, ³ and ¿, which are rare beside its letters. */
function looksPolish({ high_bytes }: EncodingEvidence): boolean {
  const polish = [0x9c, 0x9f, 0xb3, 0xb9, 0xbf].reduce(
    (sum, byte) => sum + countOf(high_bytes, byte, byte),
    0,
  );
  const others = countOf(high_bytes, 0xc0, 0xff);
  return polish >= 3 && polish > others / 2;
}

function countOf(high_bytes: Float64Array, from: number, to: number): number {
  return high_bytes.subarray(from - 0x80, to - 0x7f).reduce((sum, n) => sum + n, 0);
}

/**
 * Letters lie in 0x80–0x9F in MacRoman and in 0xC0–0xFF in Windows-1252; CR alone ends lines on classic Macs only.
 * Of the lower ones those do not count that Windows-1252 uses all the time: €, quotation marks, dashes and ™.
 */
function looksLikeMacRoman(evidence: EncodingEvidence): boolean {
  const count = (from: number, to: number): number => countOf(evidence.high_bytes, from, to);
  const undefinedInWindows = [0x81, 0x8d, 0x8f, 0x90, 0x9d].some((byte) => count(byte, byte) > 0);
  const macLetters = count(0x87, 0x90) + count(0x98, 0x98) + count(0x9a, 0x9f);
  const manyMacLetters = macLetters >= count(0xc0, 0xff);
  return evidence.has_line_feed ? undefinedInWindows && manyMacLetters : undefinedInWindows || manyMacLetters;
}
