import fc from 'fast-check';

import { EncodingEvidence } from './encoding-evidence';

function gather(...chunks: Uint8Array[]): EncodingEvidence {
  const evidence = new EncodingEvidence();
  for (const chunk of chunks) evidence.add(chunk);
  evidence.end();
  return evidence;
}

/** Bytes that look like UTF-8 often enough to reach every corner of the state machine. */
const bytes = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }).map((text) => Buffer.from(text.replaceAll('\ufffd', ''))),
      fc.uint8Array({ maxLength: 3 }),
      fc.constantFrom(0xc0, 0xe0, 0xed, 0xf0, 0xf4, 0xf5).map((lead) => Buffer.from([lead, 0x9f, 0xa0])),
    ),
  )
  .map((parts) => Buffer.concat(parts));

describe('EncodingEvidence', () => {
  it('counts the faults that a decoder replaces and the sequences that it decodes, however the bytes are cut', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (all, cut) => {
        const at = all.length === 0 ? 0 : cut % all.length;
        const evidence = gather(all.subarray(0, at), all.subarray(at));
        const decoded = Array.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(all));
        const genuine = all.toString('latin1').split('\xef\xbf\xbd').length - 1;
        expect(evidence.utf8_faults).toBe(decoded.filter((char) => char === '\ufffd').length - genuine);
        const multibyte = decoded.filter((char) => char > '\x7f' && char !== '\ufffd').length + genuine;
        expect(evidence.utf8_sequences).toBe(multibyte);
      }),
      { numRuns: 1000 },
    );
  });

  it('tells NUL bytes at even offsets from those at odd ones across chunks', () => {
    expect(gather(Buffer.from('a\0b'), Buffer.from('\0c\0'), Buffer.from([0])).nul_bytes).toEqual([1, 3]);
  });

  it('keeps the first bytes, even when they come one by one', () => {
    const evidence = gather(...[...Buffer.from('\ufeffab')].map((byte) => Buffer.from([byte])));
    expect(evidence.head.subarray(0, 3)).toEqual(Buffer.from('\ufeff'));
    expect(evidence.total_bytes).toBe(5);
  });
});
