import { createHash } from 'node:crypto';
import { readHeader } from './read-header';

/** What fits an index entry in any script. */
const LONGEST = 255;

/**
 * Under which a header is remembered: `RAM (GB)`, `ram_gb` and `Ram GiB` are the same, `RAM (MB)` and `RAM` are others,
 * since with its unit a header may change its meaning (`Disks` counts, `Disks GB` measures).
 */
export function headerKey(header: string): string {
  const { key, unit } = readHeader(header);
  // A header of signs alone, such as `#`, has no words.
  const text = key === '' ? header.trim() : unit === null ? key : `${key} ${unit}`;
  return text.length <= LONGEST ? text : createHash('sha256').update(text).digest('hex');
}
