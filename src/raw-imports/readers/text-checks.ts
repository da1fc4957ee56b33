import type { Encoding } from './detect-encoding';
import { EIGHT_BIT } from './eight-bit/charsets';
import type { EncodingEvidence } from './encoding-evidence';

/** What may be wrong with a text, as far as the bytes of the whole file leave it open. */
export interface TextChecks {
  /**
   * The charset in which some bytes mean nothing, so that U+FFFD in the text stands for them; a genuine one in such
   * a file is taken for one too. Null where U+FFFD can only be genuine.
   */
  lossy_charset: string | null;
}

/** Null where the bytes have shown that every text can be stored: most files, which then cost no look at each cell. */
export function textChecks(evidence: EncodingEvidence, { charset }: Encoding): TextChecks | null {
  if (charset.startsWith('utf-16')) return { lossy_charset: null };
  const singleByte = charset === 'macintosh' || EIGHT_BIT.has(charset);
  const lossy = charset === 'utf-8' ? evidence.utf8_faults > 0 : !singleByte;
  const [even, odd] = evidence.nul_bytes;
  return lossy || even + odd > 0 ? { lossy_charset: lossy ? charset : null } : null;
}
