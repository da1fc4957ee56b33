import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { UnsupportedTypeError } from '../../errors/unsupported-type.error';
import type { SpooledFile } from './spooled-file';

/** As many as an OLE header has, which is more than any other magic number needs. */
const HEADER_BYTES = 512;
const ZIP_MAGICS = [Buffer.from('PK\x03\x04'), Buffer.from('PK\x05\x06')];
const OLE_MAGIC = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/** What inventories are sometimes mistaken for, by the bytes that such a file begins with. */
const NO_INVENTORIES = [
  { kind: 'a PDF document', magic: Buffer.from('%PDF-') },
  { kind: 'a PNG image', magic: Buffer.from([0x89, 0x50, 0x4e, 0x47]) },
  { kind: 'a JPEG image', magic: Buffer.from([0xff, 0xd8, 0xff]) },
  { kind: 'a GIF image', magic: Buffer.from('GIF8') },
  { kind: 'a 7-Zip archive', magic: Buffer.from([0x37, 0x7a, 0xbc, 0xaf]) },
  { kind: 'a RAR archive', magic: Buffer.from('Rar!\x1a') },
  { kind: 'an xz archive', magic: Buffer.from('\xfd7zXZ', 'latin1') },
  { kind: 'a Zstandard archive', magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) },
  { kind: 'a gzip file inside a gzip file', magic: Buffer.from([0x1f, 0x8b, 0x08]) },
  { kind: 'an SQLite database', magic: Buffer.from('SQLite format 3') },
];

/** Whether the bytes begin a zip archive or plain text; refuses by name what can be neither. */
export async function sniffContainer(file: SpooledFile): Promise<'zip' | 'text'> {
  const head = await readBytes(file, 0, HEADER_BYTES);
  const begins = (magic: Buffer): boolean => head.subarray(0, magic.length).equals(magic);
  if (ZIP_MAGICS.some(begins)) return 'zip';
  if (begins(OLE_MAGIC)) throw await oleRefusal(file, head);
  const foreign = NO_INVENTORIES.find(({ magic }) => begins(magic));
  if (foreign) throw new UnsupportedTypeError(`The file is ${foreign.kind}, not an inventory.`);
  return 'text';
}

/** Excel puts a workbook with a password into the container that `.xls` files used to have. */
async function oleRefusal(file: SpooledFile, header: Buffer): Promise<Error> {
  // The header says how large sectors are and which of them begins the directory.
  const isWhole = header.length === HEADER_BYTES;
  const sectorBytes = isWhole && header.readUInt16LE(30) === 12 ? 4096 : 512;
  const sector = isWhole ? header.readUInt32LE(48) : 0;
  const directory = await readBytes(file, (sector + 1) * sectorBytes, 4096);
  return directory.includes(Buffer.from('EncryptedPackage', 'utf16le'))
    ? new UnreadableFileError(
        'The workbook is password-protected. Save it without a password and upload it again.',
      )
    : new UnsupportedTypeError(
        'The file is an old binary Office file such as .xls. Open it in Excel or LibreOffice and save it as .xlsx.',
      );
}

async function readBytes(file: SpooledFile, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
