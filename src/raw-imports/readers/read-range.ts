import type { SpooledFile } from './spooled-file';

const CHUNK_BYTES = 256 * 1024;

/** The bytes from `start` up to `end`, in chunks of 256 KiB, all but the last of them whole. Each is a new buffer. */
export async function* readRange(file: SpooledFile, start: number, end: number): AsyncGenerator<Buffer> {
  for (let position = start; position < end; position += CHUNK_BYTES) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - position));
    for (let filled = 0; filled < chunk.length;) {
      const rest = chunk.length - filled;
      const { bytesRead } = await file.handle.read(chunk, filled, rest, position + filled);
      if (bytesRead === 0) throw new Error('The spooled file is shorter than what was written to it.');
      filled += bytesRead;
    }
    yield chunk;
  }
}
