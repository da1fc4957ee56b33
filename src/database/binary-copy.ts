/** A piece is sent when it has so many bytes; one that holds a long text has more. */
const PIECE_BYTES = 128 * 1024;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
const LENGTH_BYTES = 4;
const JSONB_VERSION = 1;
/** Of UTF-8 for one unit of a JavaScript text. */
const MOST_BYTES = 3;
const EPOCH_MS = Date.UTC(2000, 0, 1);

/**
 * Rows in the binary format of COPY (PostgreSQL's documentation of COPY, "Binary Format"), gathered into pieces. The server
 * reads a row of it in an eighth less time than one of text, which it has to look through for tabs and escapes first.
 *
 * Our own, because an encoder of any rows goes field by field; here what all rows have in common is encoded once.
 */
export class BinaryCopy {
  private piece = Buffer.allocUnsafe(PIECE_BYTES);
  private used = 0;
  private readonly full: Buffer[] = [];

  constructor() {
    this.add(SIGNATURE);
  }

  /** Whole fields, as the functions below make them; the first of a row begin with their count. */
  add(fields: Uint8Array): void {
    this.require(fields.length);
    this.piece.set(fields, this.used);
    this.used += fields.length;
  }

  /** A field of these bytes, such as the 16 of a UUID. */
  bytes(source: Uint8Array): void {
    this.require(LENGTH_BYTES + source.length);
    this.length(source.length);
    this.add(source);
  }

  integer(value: number): void {
    this.require(LENGTH_BYTES + 4);
    this.length(4);
    this.used = this.piece.writeInt32BE(value, this.used);
  }

  /** A field of jsonb. */
  json(value: unknown): void {
    const text = JSON.stringify(value);
    const head = LENGTH_BYTES + 1;
    const room = this.piece.length - this.used - head;
    if (text.length * MOST_BYTES > room) this.require(head + Buffer.byteLength(text));
    const written = this.piece.write(text, this.used + head);
    this.length(written + 1);
    this.piece[this.used] = JSONB_VERSION;
    this.used += written + 1;
  }

  /** The next piece that is full, if there is one. */
  takeFull(): Buffer | undefined {
    return this.full.shift();
  }

  /** Ends the COPY; what is left is full then, however little it is. */
  end(): void {
    this.add(TRAILER);
    this.full.push(this.piece.subarray(0, this.used));
  }

  private length(bytes: number): void {
    this.used = this.piece.writeInt32BE(bytes, this.used);
  }

  private require(bytes: number): void {
    if (this.used + bytes <= this.piece.length) return;
    this.full.push(this.piece.subarray(0, this.used));
    this.piece = Buffer.allocUnsafe(Math.max(PIECE_BYTES, bytes));
    this.used = 0;
  }
}

/** The beginning of a row that has so many fields. */
export function fieldCount(count: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(count);
  return bytes;
}

export const NULL_FIELD = Buffer.alloc(LENGTH_BYTES, 0xff);

export function textField(text: string): Buffer {
  return field(Buffer.from(text));
}

export function uuidField(id: string): Buffer {
  return field(Buffer.from(id.replaceAll('-', ''), 'hex'));
}

export function booleanField(value: boolean): Buffer {
  return field(Buffer.from([value ? 1 : 0]));
}

export function timestampField(at: Date): Buffer {
  const microseconds = Buffer.alloc(8);
  microseconds.writeBigInt64BE(BigInt(at.getTime() - EPOCH_MS) * 1000n);
  return field(microseconds);
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
