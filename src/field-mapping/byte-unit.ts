/** Units of memory and storage, decimal and binary names alike: inventories write GB where they count in GiB. */
export type ByteUnit = 'B' | 'KB' | 'MB' | 'GB' | 'TB' | 'PB';

const SPELLING =
  /^(?:([kmgtp])(?:i?b?|i?bytes?|io|o|octets?)|(kilo|mega|giga|tera|peta)(?:bytes?|octets?)|b|bytes?|octets?)$/;

/** Reads `GiB`, `mb`, `Gi`, `TByte`, `bytes`, French `Go`; null for any other word. */
export function byteUnit(word: string): ByteUnit | null {
  const match = SPELLING.exec(word.toLowerCase());
  if (match === null) return null;
  const prefix = (match[1] ?? match[2]?.charAt(0) ?? '').toUpperCase();
  return `${prefix}B` as ByteUnit;
}
