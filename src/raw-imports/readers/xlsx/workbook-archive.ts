import { Readable } from 'node:stream';
import { isNativeError } from 'node:util/types';

import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';

import { DomainError } from '../../../errors/domain-error';
import { PayloadTooLargeError } from '../../../errors/payload-too-large.error';
import { UnreadableFileError } from '../../../errors/unreadable-file.error';
import { readRange } from '../read-range';
import type { SpooledFile } from '../spooled-file';

const MAX_PARTS = 10_000;
const MAX_PART_BYTES = 4 * 1024 ** 3;
/** Sheets compress 5 to 30 times. Only past this size does a high ratio mean a bomb rather than a small part. */
const BOMB_RATIO = 200;
const BOMB_FLOOR_BYTES = 16 * 1024 * 1024;
/** A workbook may be small and say one thing on every row. */
const WORKBOOK_FLOOR_BYTES = 256 * 1024 * 1024;
/** Of the names and notes of parts, which are not compressed and kept in memory. */
const MAX_DIRECTORY_BYTES = 4 * 1024 * 1024;

/** The parts of an XLSX file by their path, read where they lie in the spooled file. */
export class WorkbookArchive {
  private constructor(
    private readonly zip: ZipFile,
    /** What may come out of the workbook in all, before it is a bomb. */
    readonly maxBytes: number,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  static async open(file: SpooledFile): Promise<WorkbookArchive> {
    try {
      const reader = new SpooledFileReader(file);
      const zip = await fromRandomAccessReaderPromise(reader, file.content_bytes, { autoClose: false });
      if (zip.entryCount > MAX_PARTS) {
        throw new UnreadableFileError(`The workbook has ${zip.entryCount} parts; the limit is ${MAX_PARTS}.`);
      }
      const entries = new Map<string, Entry>();
      const maxBytes = Math.max(WORKBOOK_FLOOR_BYTES, file.content_bytes * BOMB_RATIO);
      let bytes = 0;
      let directoryBytes = 0;
      for await (const entry of zip.eachEntry()) {
        entries.set(partKey(entry.fileName), entry);
        // Parts may share their bytes in the file, so that each is harmless and all together are not.
        bytes += entry.uncompressedSize;
        directoryBytes += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
        if (bytes > maxBytes) {
          throw new PayloadTooLargeError(`The parts of the workbook expand to more than ${maxBytes} bytes.`);
        }
        if (directoryBytes > MAX_DIRECTORY_BYTES) {
          throw new UnreadableFileError(
            `The directory of the workbook is longer than the limit of ${MAX_DIRECTORY_BYTES} bytes.`,
          );
        }
      }
      return new WorkbookArchive(zip, maxBytes, entries);
    } catch (error) {
      throw asDamage(error);
    }
  }

  has(path: string): boolean {
    return this.entries.has(partKey(path));
  }

  /** The inflated bytes of a part. The zip reader itself makes sure that they are no more than the part declares. */
  async *read(path: string, maxBytes = MAX_PART_BYTES): AsyncGenerator<Buffer> {
    const entry = this.entries.get(partKey(path));
    if (!entry) throw new UnreadableFileError(`The workbook is damaged: its part ${path} is missing.`);
    if (entry.isEncrypted()) throw new UnreadableFileError('The workbook is password-protected.');
    refuseBomb(entry, maxBytes);
    try {
      yield* (await this.zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>;
    } catch (error) {
      throw asDamage(error);
    }
  }
}

/** Part names are case-insensitive, and some writers put backslashes into them. */
function partKey(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\//, '').toLowerCase();
}

function refuseBomb({ fileName, compressedSize, uncompressedSize }: Entry, maxBytes: number): void {
  if (uncompressedSize > maxBytes) {
    throw new PayloadTooLargeError(
      `The workbook's part ${fileName} has ${uncompressedSize} bytes; the limit is ${maxBytes}.`,
    );
  }
  if (uncompressedSize > BOMB_FLOOR_BYTES && uncompressedSize > compressedSize * BOMB_RATIO) {
    throw new PayloadTooLargeError(`The workbook's part ${fileName} expands more than ${BOMB_RATIO} times.`);
  }
}

/** yauzl and zlib report damage by plain errors; those of the operating system name the call that failed. */
function asDamage(error: unknown): unknown {
  if (error instanceof DomainError || !isNativeError(error) || 'syscall' in error) return error;
  return new UnreadableFileError(`The workbook is damaged: ${error.message}.`);
}

class SpooledFileReader extends RandomAccessReader {
  constructor(private readonly file: SpooledFile) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(readRange(this.file, start, end), { objectMode: false });
  }
}
