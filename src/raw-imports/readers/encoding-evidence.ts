import { isAscii } from 'node:buffer';

const LF = 0x0a;

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
  has_line_feed = false;
  /** How often each byte from 0x80 on occurs (index 0 is 0x80). */
  readonly high_bytes = new Float64Array(128);

  /** Continuation bytes still owed to the sequence that the last chunk ended in, and the range of the next one. */
  private owed = 0;
  private low = 0x80;
  private high = 0xbf;

  add(chunk: Uint8Array): void {
    if (this.head.length < 4) this.head = Buffer.concat([this.head, chunk.subarray(0, 4)]);
    this.has_line_feed ||= chunk.includes(LF);
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
    for (const byte of chunk) {
      if (byte >= 0x80) this.high_bytes[byte - 0x80] = (this.high_bytes[byte - 0x80] ?? 0) + 1;
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
