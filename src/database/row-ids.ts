import { randomFillSync } from 'node:crypto';

/** What the 12 bits behind the version can count. */
const IDS_PER_MS = 4096;
export const ID_BYTES = 16;
/** Of the first half: the milliseconds, in 48 bits, then the version and the count. */
const COUNT = 6;

let lastMs = 0;

/**
 * Ids for rows that are written together, one behind the other: UUIDs of version 7 (RFC 9562), each greater than all that this
 * process made before it. A millisecond is used by one call only, which counts its ids within it.
 *
 * Our own, because `uuid` makes one at a time, in four times the time: of an upload's rows a seventh.
 */
export function rowIds(count: number): Buffer {
  const ids = randomFillSync(Buffer.allocUnsafe(count * ID_BYTES));
  for (let i = 0, at = 0; i < count; i++, at += ID_BYTES) {
    const counted = i % IDS_PER_MS;
    // A millisecond that was not used yet, now or as soon after it as can be.
    if (counted === 0) lastMs = Math.max(Date.now(), lastMs + 1);
    ids.writeUIntBE(lastMs, at, COUNT);
    ids[at + COUNT] = 0x70 | (counted >> 8);
    ids[at + COUNT + 1] = counted & 0xff;
    ids[at + COUNT + 2] = 0x80 | (Number(ids[at + COUNT + 2]) & 0x3f);
  }
  return ids;
}
