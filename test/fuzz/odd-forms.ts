import fc, { type Arbitrary } from 'fast-check';
import type { OddFile } from './odd-files';
import { encodeOdd } from './twists';

const BOUNDARY = 'fuzz-boundary';

/** A form that brings a file, and forms that do not quite. */
export function oddForms({ name, bytes }: OddFile): Arbitrary<{ type: string; bytes: Buffer }> {
  const quoted = name.replaceAll('"', '%22').replaceAll(/[\r\n]/g, ' ');
  const part = (field: string, file: string | null, content: Buffer, more = '') =>
    Buffer.concat([
      Buffer.from(
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"${file === null ? '' : `; filename="${file}"`}\r\n${more}\r\n`,
      ),
      content,
      Buffer.from('\r\n'),
    ]);
  const end = Buffer.from(`--${BOUNDARY}--\r\n`);
  const good = part('file', quoted, bytes);
  const odd: Buffer[] = [
    end,
    Buffer.alloc(0),
    good,
    Buffer.concat([good, Buffer.from(`--${BOUNDARY}`)]),
    Buffer.concat([good, good, end]),
    Buffer.concat([part('file', null, bytes), end]),
    Buffer.concat([part('other', quoted, bytes), end]),
    Buffer.concat([part('__proto__', quoted, bytes), end]),
    Buffer.concat([part('constructor', null, bytes), end]),
    Buffer.concat([part('other', null, Buffer.from('x')), good, end]),
    Buffer.concat([good, part('other', null, Buffer.from('x')), end]),
    Buffer.concat([
      ...Array.from({ length: 1000 }, (_, i) => part(`f${i}`, null, Buffer.from('x'))),
      good,
      end,
    ]),
    Buffer.concat([part('file', name, bytes), end]),
    Buffer.concat([part('file', '../../../../etc/passwd\0.csv', bytes), end]),
    Buffer.concat([part('file', quoted, bytes, 'Content-Transfer-Encoding: base64\r\n'), end]),
    Buffer.concat([part('file', quoted, bytes, 'Content-Type: application/json; charset=utf-16\r\n'), end]),
    Buffer.concat([part('file', quoted, bytes, `X-Long: ${'x'.repeat(100_000)}\r\n`), end]),
    Buffer.concat([part('file', `"; filename*=UTF-8''${encodeOdd(name)}; x="`, bytes), end]),
    Buffer.concat([Buffer.from(`--${BOUNDARY}\r\n\r\n`), bytes, Buffer.from('\r\n'), end]),
    Buffer.concat([Buffer.from(`--${BOUNDARY}\n`), bytes, end]),
  ];
  const type = `multipart/form-data; boundary=${BOUNDARY}`;
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({ type, bytes: Buffer.concat([good, end]) }) },
    { weight: 1, arbitrary: fc.constantFrom(...odd).map((form) => ({ type, bytes: form })) },
  );
}
