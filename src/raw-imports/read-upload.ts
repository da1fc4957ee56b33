import { Readable } from 'node:stream';
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { InvalidInputError } from '../errors/invalid-input.error';
import { uploadMediaType } from '../http/raw-upload';

export interface UploadedFile {
  filename: string;
  media_type: string | null;
  content: Readable;
}

const MAX_FILENAME = 255;

/**
 * The one file of a request, still unread: the part `file` of a multipart form, or the raw body.
 * @throws InvalidInputError without a name or a file, or when a form holds anything else.
 */
export async function readUpload(
  request: FastifyRequest,
  filename: string | undefined,
): Promise<UploadedFile> {
  if (!request.isMultipart()) {
    if (filename === undefined) throw wrong('filename', 'name the raw body with ?filename=');
    const content = request.body instanceof Readable ? request.body : Readable.from([]);
    return { filename: checkedName(filename), media_type: uploadMediaType(request), content };
  }
  const parts = request.parts();
  const first = await readForm(() => parts.next());
  if (first.done === true) throw wrong('file', 'the form holds no file');
  const part = first.value;
  if (part.fieldname !== 'file') {
    throw wrong(part.fieldname, 'is not known here; the form takes one file, in the field "file"');
  }
  if (part.type !== 'file') throw wrong('file', 'must be a file, with a filename');
  return {
    filename: checkedName(filename ?? part.filename),
    media_type: part.mimetype,
    content: Readable.from(onlyFile(part.file, parts)),
  };
}

/** The file's bytes; fails after them when the form goes on, so that no second file is lost in silence. */
async function* onlyFile(file: Readable, parts: AsyncIterator<Multipart>): AsyncGenerator<Buffer> {
  const chunks = file[Symbol.asyncIterator]();
  for (;;) {
    const chunk = await readForm(() => chunks.next());
    if (chunk.done === true) break;
    yield chunk.value as Buffer;
  }
  const next = await readForm(() => parts.next());
  if (next.done !== true) throw wrong(next.value.fieldname, 'the form takes one file and nothing else');
}

/** A form without boundary or end is the client's fault, and the parser's error does not say so. */
async function readForm<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error) throw error;
    throw wrong('file', 'the form cannot be read to its end');
  }
}

/** The parser gives no name where a part has none. */
function checkedName(filename: string | undefined): string {
  if (filename === undefined || filename.trim() === '') throw wrong('filename', 'is missing');
  // Control characters have no place in a name, and PostgreSQL stores no NUL.
  if (/\p{Cc}/u.test(filename)) throw wrong('filename', 'must not hold control characters');
  if (filename.length > MAX_FILENAME) throw wrong('filename', `must be at most ${MAX_FILENAME} characters`);
  return filename;
}

function wrong(field: string, message: string): InvalidInputError {
  return new InvalidInputError([{ field, message }]);
}
