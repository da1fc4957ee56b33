import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** Sizes come after the content, which is not known before. */
const SIZES_FOLLOW = 8;
const DEFLATED = 8;

/** Writes a zip archive to a file part by part, without ever having a part in memory. */
export class ZipWriter {
  /** Bytes so far. */
  size = 0;
  private readonly directory: Buffer[] = [];

  constructor(private readonly file: FileHandle) {}

  async add(path: string, content: Iterable<string>): Promise<void> {
    const offset = this.size;
    const name = Buffer.from(path);
    await this.write(Buffer.concat([Buffer.from('PK\x03\x04'), header(name, [0, 0, 0]), name]));
    let crc = 0;
    let length = 0;
    function* counted() {
      for (const text of content) {
        const bytes = Buffer.from(text);
        crc = crc32(bytes, crc);
        length += bytes.length;
        yield bytes;
      }
    }
    const start = this.size;
    const packer = createDeflateRaw({ level: 1 });
    const source = Readable.from(counted(), { objectMode: false });
    source.on('error', (error) => packer.destroy(error));
    for await (const packed of source.pipe(packer) as AsyncIterable<Buffer>) await this.write(packed);
    const sizes = [crc, this.size - start, length];
    await this.write(Buffer.concat([Buffer.from('PK\x07\x08'), numbers(sizes)]));
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    this.directory.push(Buffer.from('PK\x01\x02\x14\x00'), header(name, sizes), tail, name);
  }

  async end(): Promise<void> {
    const start = this.size;
    const parts = this.directory.length / 4;
    const directory = Buffer.concat(this.directory);
    const end = Buffer.alloc(18);
    end.writeUInt16LE(parts, 4);
    end.writeUInt16LE(parts, 6);
    end.writeUInt32LE(directory.length, 8);
    end.writeUInt32LE(start, 12);
    await this.write(Buffer.concat([directory, Buffer.from('PK\x05\x06'), end]));
  }

  private async write(bytes: Buffer): Promise<void> {
    await this.file.appendFile(bytes);
    this.size += bytes.length;
  }
}

function header(name: Buffer, sizes: number[]): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(SIZES_FOLLOW, 2);
  fields.writeUInt16LE(DEFLATED, 4);
  numbers(sizes).copy(fields, 10);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function numbers(values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32LE(value, 4 * i));
  return bytes;
}
