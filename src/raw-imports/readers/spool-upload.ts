import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isNativeError } from 'node:util/types';
import { createGunzip } from 'node:zlib';

import { PayloadTooLargeError } from '../../errors/payload-too-large.error';
import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { appendWhole } from './append-whole';
import { EncodingEvidence } from './encoding-evidence';
import type { SpooledFile } from './spooled-file';

/** Inventories compress 5 to 30 times. Only past this size does a high ratio mean a bomb rather than a small file. */
const BOMB_RATIO = 200;
const BOMB_FLOOR_BYTES = 16 * 1024 * 1024;

/**
 * Writes an upload to disk while counting, hashing and inflating it, so that readers can go over it more than once
 * and a client that leaves in the middle leaves nothing behind.
 *
 * Rejects with PayloadTooLargeError over `max_bytes` (of the upload or of what it inflates to), UnreadableFileError
 * for damaged gzip, UnavailableError when the disk is full, and the stream's own error when the client goes away. The input stays the caller's: after an
 * error it is neither drained nor destroyed, so that an answer can still be sent over its connection.
 */
export async function spoolUpload(
  input: Readable,
  options: { directory: string; max_bytes: number },
): Promise<SpooledFile> {
  // Nobody else listens before the first read, and a client that is gone by then must not end the process.
  input.on('error', () => undefined);
  const handle = await openNameless(options.directory);
  const scratch: FileHandle[] = [];
  try {
    const evidence = new EncodingEvidence();
    const upload = new Upload(input, options.max_bytes);
    for await (const chunk of upload.content()) {
      if (evidence.total_bytes + chunk.length > options.max_bytes) throw tooLarge(options.max_bytes);
      evidence.add(chunk);
      await appendWhole(handle, chunk);
    }
    evidence.end();
    return {
      handle,
      evidence,
      content_bytes: evidence.total_bytes,
      size_bytes: upload.size_bytes,
      checksum_sha256: upload.hash.digest('hex'),
      gzip: upload.gzip,
      openScratch: async () => {
        const file = await openNameless(options.directory);
        scratch.push(file);
        return file;
      },
      close: async () => {
        await Promise.all([handle, ...scratch].map((file) => file.close()));
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Without a name from the start, so that even a killed process leaves no file. */
async function openNameless(directory: string): Promise<FileHandle> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, `upload-${randomUUID()}`);
  const handle = await open(path, 'wx+', 0o600);
  await unlink(path);
  return handle;
}

class Upload {
  readonly hash = createHash('sha256');
  size_bytes = 0;
  gzip = false;

  constructor(
    private readonly input: Readable,
    private readonly maxBytes: number,
  ) {}

  async *content(): AsyncGenerator<Uint8Array> {
    const chunks = this.received();
    const head = await firstBytes(chunks, 2);
    this.gzip = head[0] === 0x1f && head[1] === 0x8b;
    const all = prepend(head, chunks);
    yield* this.gzip ? inflate(all) : all;
  }

  private async *received(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.input.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      this.size_bytes += chunk.length;
      if (this.size_bytes > this.maxBytes) throw tooLarge(this.maxBytes);
      this.hash.update(chunk);
      yield chunk;
    }
  }
}

async function firstBytes(chunks: AsyncGenerator<Uint8Array>, count: number): Promise<Uint8Array> {
  let head: Uint8Array = Buffer.alloc(0);
  while (head.length < count) {
    const next = await chunks.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return head;
}

async function* prepend(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* rest;
}

async function* inflate(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(compressed, { objectMode: false });
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  source.on('error', (error) => gunzip.destroy(error));
  let inflated = 0;
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Uint8Array>) {
      inflated += chunk.length;
      if (inflated > BOMB_FLOOR_BYTES && inflated > gunzip.bytesWritten * BOMB_RATIO) {
        throw new PayloadTooLargeError(`The gzip data expands more than ${BOMB_RATIO} times.`);
      }
      yield chunk;
    }
  } catch (error) {
    throw isZlibError(error) ? new UnreadableFileError(`The gzip data is damaged: ${error.message}.`) : error;
  } finally {
    source.destroy();
  }
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return isNativeError(error) && 'code' in error && String(error.code).startsWith('Z_');
}

function tooLarge(maxBytes: number): PayloadTooLargeError {
  return new PayloadTooLargeError(`The file is larger than the limit of ${maxBytes} bytes.`);
}
