import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

import { appendWhole } from '../append-whole';
import { unescapeControls } from './unescape-controls';

const BLOCK_CHARS = 2 * 1024;
/** Bounds a block of empty texts. */
const BLOCK_TEXTS = 256;
const WRITE_BYTES = 1024 * 1024;
/** Of decoded blocks. Texts lie in the order in which cells first refer to them, so that few are read again. */
const CACHED_BYTES = 4 * 1024 * 1024;
/** XML cannot hold it, so that it can stand between texts. */
const SEPARATOR = '\0';

interface Block {
  first: number;
  start: number;
  end: number;
}

/**
 * The texts that cells refer to by number, in a file: there may be millions, which as strings would take more memory
 * than the service is given. They are kept in blocks, of which those used last are in memory.
 */
export class SharedStrings {
  count = 0;
  private readonly blocks: Block[] = [];
  private pending: string[] = [];
  private pendingFirst = 0;
  private pendingChars = 0;
  private readonly unwritten: Buffer[] = [];
  private unwrittenBytes = 0;
  private bytes = 0;
  /** Two generations: what is used moves to the young one, and when that is full the old one goes. */
  private young = new Map<Block, string[]>();
  private old = new Map<Block, string[]>();
  private youngBytes = 0;

  constructor(private readonly file: FileHandle) {}

  /** @param text without control characters, as XML has it. */
  add(text: string): void {
    this.pending.push(text);
    this.pendingChars += text.length;
    this.count++;
    if (this.pendingChars >= BLOCK_CHARS || this.pending.length === BLOCK_TEXTS) this.closeBlock();
  }

  /** Writes what has gathered; to be called often between additions. */
  async flush(): Promise<void> {
    if (this.unwrittenBytes >= WRITE_BYTES) await this.write();
  }

  async end(): Promise<void> {
    if (this.pending.length > 0) this.closeBlock();
    await this.write();
  }

  /** Undefined where there is no text of this number. Synchronous, since it is asked for by an XML parser. */
  at(index: number): string | undefined {
    if (!(Number.isInteger(index) && index >= 0 && index < this.count)) return undefined;
    const block = this.blockOf(index);
    const text = block && this.texts(block)[index - block.first];
    return text === undefined ? undefined : unescapeControls(text);
  }

  private closeBlock(): void {
    const bytes = Buffer.from(this.pending.join(SEPARATOR));
    this.unwritten.push(bytes);
    this.unwrittenBytes += bytes.length;
    this.blocks.push({ first: this.pendingFirst, start: this.bytes, end: this.bytes + bytes.length });
    this.bytes += bytes.length;
    this.pending = [];
    this.pendingFirst = this.count;
    this.pendingChars = 0;
  }

  private async write(): Promise<void> {
    const bytes = Buffer.concat(this.unwritten);
    this.unwritten.length = 0;
    this.unwrittenBytes = 0;
    await appendWhole(this.file, bytes);
  }

  /** The last block that begins at or before a text. */
  private blockOf(index: number): Block | undefined {
    let low = 0;
    let high = this.blocks.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (index < (this.blocks[middle]?.first ?? Infinity)) high = middle;
      else low = middle;
    }
    return this.blocks[low];
  }

  private texts(block: Block): string[] {
    const young = this.young.get(block);
    if (young) return young;
    const texts = this.old.get(block) ?? this.read(block).split(SEPARATOR);
    this.young.set(block, texts);
    this.youngBytes += block.end - block.start;
    if (this.youngBytes > CACHED_BYTES) {
      this.old = this.young;
      this.young = new Map();
      this.youngBytes = 0;
    }
    return texts;
  }

  private read({ start, end }: Block): string {
    const bytes = Buffer.allocUnsafe(end - start);
    for (let filled = 0; filled < bytes.length;) {
      const read = readSync(this.file.fd, bytes, filled, bytes.length - filled, start + filled);
      if (read === 0) throw new Error('The file of shared texts is shorter than what was written to it.');
      filled += read;
    }
    return bytes.toString();
  }
}
