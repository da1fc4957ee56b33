import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import { PayloadTooLargeError } from '../../errors/payload-too-large.error';
import { UnreadableFileError } from '../../errors/unreadable-file.error';
import { spoolUpload } from './spool-upload';

describe('spoolUpload', () => {
  let directory: string;
  const spool = (bytes: Buffer | Readable, max_bytes = 2 ** 30) =>
    spoolUpload(bytes instanceof Readable ? bytes : Readable.from([bytes]), {
      directory: join(directory, 'uploads'),
      max_bytes,
    });
  const contentOf = async (bytes: Buffer): Promise<string> => {
    const file = await spool(bytes);
    const content = Buffer.alloc(file.content_bytes);
    await file.handle.read(content, 0, content.length, 0);
    await file.close();
    return content.toString();
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'spool-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('keeps the bytes, their number and their checksum', async () => {
    const bytes = Buffer.from('Name;Größe\nsrv;1\n');
    const file = await spool(bytes);
    expect(file).toMatchObject({
      size_bytes: bytes.length,
      content_bytes: bytes.length,
      checksum_sha256: createHash('sha256').update(bytes).digest('hex'),
      gzip: false,
    });
    await file.close();
    expect(await contentOf(bytes)).toBe('Name;Größe\nsrv;1\n');
  });

  it('leaves no name behind, not even while the file is in use', async () => {
    const file = await spool(Buffer.from('a,b'));
    expect(readdirSync(join(directory, 'uploads'))).toEqual([]);
    expect(((await file.handle.stat()).mode & 0o777).toString(8)).toBe('600');
    await file.close();
  });

  it('takes an empty upload', async () => {
    expect(await contentOf(Buffer.alloc(0))).toBe('');
  });

  it('inflates gzip, several members too, and describes it as it was uploaded', async () => {
    const bytes = Buffer.concat([gzipSync('a,b\n'), gzipSync('1,2\n')]);
    const file = await spool(Readable.from([...bytes].map((byte) => Buffer.from([byte]))));
    expect(file).toMatchObject({ gzip: true, size_bytes: bytes.length, content_bytes: 8 });
    expect(file.checksum_sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    await file.close();
    expect(await contentOf(bytes)).toBe('a,b\n1,2\n');
  });

  it.each([
    ['cut off', gzipSync('a,b\n1,2\n').subarray(0, -9)],
    ['broken', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(40, 7)])],
  ])('refuses gzip that is %s', async (_, bytes) => {
    await expect(spool(bytes)).rejects.toThrow(UnreadableFileError);
  });

  it.each([
    ['the upload', Buffer.alloc(1001, 'a')],
    ['what gzip inflates to', gzipSync(Buffer.alloc(1001, 'a'))],
    ['gzip that inflates to less', Buffer.concat(Array.from({ length: 60 }, () => gzipSync('')))],
  ])('refuses more than the limit of %s', async (_, bytes) => {
    await expect(spool(bytes, 1000)).rejects.toThrow(PayloadTooLargeError);
  });

  it('takes exactly the limit', async () => {
    const file = await spool(gzipSync(Buffer.alloc(1000, 'a')), 1000);
    expect(file.content_bytes).toBe(1000);
    await file.close();
  });

  it('refuses a gzip bomb by its ratio, long before the limit', async () => {
    const input = Readable.from([gzipSync(Buffer.alloc(32 * 1024 * 1024))]);
    await expect(spool(input)).rejects.toThrow(/more than 200 times/);
  });

  it('leaves the input to the caller when it refuses it', async () => {
    const input = new PassThrough();
    input.write(Buffer.alloc(2000));
    await expect(spool(input, 1000)).rejects.toThrow(PayloadTooLargeError);
    expect(input.destroyed).toBe(false);
  });

  it.each([
    ['plain', Buffer.from('a,b\n')],
    ['gzip', gzipSync(Buffer.from('a,b\n1,2\n')).subarray(0, 12)],
  ])('closes everything when the client leaves in the middle of %s', async (_, bytes) => {
    const open = openFiles();
    const input = new PassThrough();
    input.write(bytes);
    const spooled = spool(input);
    setImmediate(() => input.destroy(new Error('client gone')));
    await expect(spooled).rejects.toThrow('client gone');
    expect(openFiles()).toEqual(open);
  });
});

/** What this process holds open below a spool directory; only Linux says. */
function openFiles(): string[] {
  try {
    return readdirSync('/proc/self/fd').filter((fd) => readLink(fd).includes('/uploads/'));
  } catch {
    return [];
  }
}

function readLink(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
