const END_OF_DIRECTORY = 0x06054b50;
/** 1 January 1980, 00:00: the zero of a zip archive's clock. */
const EPOCH_DATE = (1 << 5) | 1;

/** The archive with every entry's time set to the same, so that equal content makes equal bytes. */
export function withFixedZipTimes(archive: Buffer): Buffer {
  const fixed = Buffer.from(archive);
  const end = fixed.lastIndexOf(Buffer.from(Uint32Array.of(END_OF_DIRECTORY).buffer));
  const entries = fixed.readUInt16LE(end + 10);
  let at = fixed.readUInt32LE(end + 16);
  for (let entry = 0; entry < entries; entry++) {
    setTime(fixed, at + 12);
    setTime(fixed, fixed.readUInt32LE(at + 42) + 10);
    // The name, an extra field and a comment follow the 46 bytes of a directory entry.
    at += 46 + fixed.readUInt16LE(at + 28) + fixed.readUInt16LE(at + 30) + fixed.readUInt16LE(at + 32);
  }
  return fixed;
}

function setTime(archive: Buffer, at: number): void {
  archive.writeUInt16LE(0, at);
  archive.writeUInt16LE(EPOCH_DATE, at + 2);
}
