import { byteUnit, type ByteUnit } from './byte-unit';
import { splitWords } from './split-words';

export interface Header {
  words: readonly string[];
  /** The words without blanks and without the unit, so that `Serial Number`, `serial_number` and `serialnumber` meet. */
  key: string;
  /** The unit of memory or storage that the header states, as in `RAM (GB)`, `Memory MiB` or `memoryMB`. */
  unit: ByteUnit | null;
  /** That unit as it is written. */
  unitText: string | null;
}

// A rate (`MB/s`) is no amount.
const UNIT_WORD =
  /(?<!\p{L})(?:[kmgtp]i?b(?:ytes?)?|(?:kilo|mega|giga|tera|peta)?(?:bytes?|octets?))(?![\p{L}/])/iu;
const UNIT_HUMP = /(?<=\p{Ll})(?:[KMGTP]i?[Bb]|Bytes)$/u;
// French, `Mémoire (Go)`. Elsewhere `to` is a word.
const OCTETS = /(?<=[([]\s?(?:en )?)[KMGT]o(?=\s?[)\]])|(?<=\ben )[KMGT]o$/u;

export function readHeader(header: string): Header {
  const unitText = (UNIT_WORD.exec(header) ?? UNIT_HUMP.exec(header) ?? OCTETS.exec(header))?.[0] ?? null;
  const words = splitWords(unitText === null ? header : header.replace(unitText, ' '));
  if (unitText === null) return { words, key: words.join(''), unit: null, unitText };
  if (words.at(-1) === 'in' || words.at(-1) === 'en') words.pop();
  return { words, key: words.join(''), unit: byteUnit(unitText), unitText };
}
