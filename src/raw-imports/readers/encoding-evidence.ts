import { isAscii } from 'node:buffer';

const LF = 0x0a;
const CR = 0x0d;

/** What a byte stands beside: anything else, a small letter, a capital, another byte from 0x80 on. */
export const NEIGHBOURS = 4;
export const [OTHER, SMALL, CAPITAL, HIGH] = [0, 1, 2, 3] as const;

export function contextIndex(byte: number, before: number, after: number): number {
  return ((byte - 0x80) * NEIGHBOURS + before) * NEIGHBOURS + after;
}

/** At the edge of a chunk nothing is known, which is so rare that it does not matter. */
function neighbour(byte: number | undefined): number {
  if (byte === undefined) return OTHER;
  if (byte >= 0x80) return HIGH;
  if (byte >= 0x61 && byte <= 0x7a) return SMALL;
  return byte >= 0x41 && byte <= 0x5a ? CAPITAL : OTHER;
}

/**
 * What the bytes of a whole file say about its encoding, gathered while they pass by. Judging by a sample is how
 * a million rows of UTF-8 turn to mojibake, because the first umlaut came after it.
 */
export class EncodingEvidence {
  /** The first bytes, enough for any byte order mark. */
  head = Buffer.alloc(0);
  total_bytes = 0;
  /** NUL bytes at even and at odd offsets: UTF-16 shows itself by having nearly all of them on one side. */
  readonly nul_bytes: [even: number, odd: number] = [0, 0];
  /** Well-formed UTF-8 sequences of two bytes and more. */
  utf8_sequences = 0;
  /** Maximal ill-formed runs as UTF-8 decoders count them: one U+FFFD each. */
  utf8_faults = 0;
  /** What ends the first line; null as long as no line has ended. */
  first_line_end: 'cr' | 'lf' | null = null;
  /** How often each byte from 0x80 on occurs between which neighbours; see contextIndex. */
  readonly contexts = new Float64Array(128 * NEIGHBOURS * NEIGHBOURS);

  /** Continuation bytes still owed to the sequence that the last chunk ended in, and the range of the next one. */
  private owed = 0;
  private low = 0x80;
  private high = 0xbf;

  add(chunk: Uint8Array): void {
    if (this.head.length < 4) this.head = Buffer.concat([this.head, chunk.subarray(0, 4)]);
    this.first_line_end ??= firstLineEnd(chunk);
    if (chunk.includes(0)) this.countNulBytes(chunk);
    if (this.owed > 0 || !isAscii(chunk)) this.walk(chunk);
    this.total_bytes += chunk.length;
  }

  /** To be called once after the last chunk. */
  end(): void {
    if (this.owed > 0) this.utf8_faults++;
    this.owed = 0;
  }

  private countNulBytes(chunk: Uint8Array): void {
    for (let at = chunk.indexOf(0); at !== -1; at = chunk.indexOf(0, at + 1)) {
      this.nul_bytes[(this.total_bytes + at) % 2 === 0 ? 0 : 1]++;
    }
  }

  private walk(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte >= 0x80) {
        const index = contextIndex(byte, neighbour(chunk[at - 1]), neighbour(chunk[at + 1]));
        this.contexts[index] = (this.contexts[index] ?? 0) + 1;
      }
      if (this.owed > 0) {
        if (byte >= this.low && byte <= this.high) {
          this.low = 0x80;
          this.high = 0xbf;
          if (--this.owed === 0) this.utf8_sequences++;
          continue;
        }
        this.owed = 0;
        this.utf8_faults++;
      }
      if (byte >= 0x80) this.begin(byte);
    }
  }

  /** The second byte's range keeps out overlong forms, surrogates and what lies past U+10FFFF (Unicode table 3-7). */
  private begin(lead: number): void {
    this.low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    this.high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) this.owed = 1;
    else if (lead >= 0xe0 && lead <= 0xef) this.owed = 2;
    else if (lead >= 0xf0 && lead <= 0xf4) this.owed = 3;
    else this.utf8_faults++;
  }
}

function firstLineEnd(chunk: Uint8Array): 'cr' | 'lf' | null {
  const lineFeed = chunk.indexOf(LF);
  const carriageReturn = chunk.indexOf(CR);
  if (carriageReturn === -1) return lineFeed === -1 ? null : 'lf';
  return lineFeed === -1 || lineFeed > carriageReturn + 1 ? 'cr' : 'lf';
}
