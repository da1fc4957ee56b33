import type { FastifyInstance, FastifyRequest } from 'fastify';
import { UnsupportedTypeError } from '../errors/unsupported-type.error';

const UPLOAD_PATH = '/api/v1/data-imports';
const RAW = 'application/octet-stream';
const mediaTypes = new WeakMap<FastifyRequest, string | null>();

/**
 * Lets an inventory come as the raw body under its own media type, unparsed: a JSON inventory must stream like any
 * other file and not be collected as an API body. Fastify chooses the parser by media type alone, so on that one
 * route the type is set aside before it chooses.
 */
export function acceptRawUploads(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const type = request.headers['content-type'];
    const isForm = /^multipart\/form-data\b/i.test(type ?? '');
    if (isForm && !isUpload(request)) {
      done(new UnsupportedTypeError('A form is not taken here; send application/json.'));
      return;
    }
    if (isUpload(request) && !isForm) {
      mediaTypes.set(request, type ?? null);
      request.raw.headers['content-type'] = RAW;
    }
    done();
  });
  fastify.addContentTypeParser(RAW, (request, payload, done) => {
    if (isUpload(request)) done(null, payload);
    else done(new UnsupportedTypeError(`${RAW} is not taken here; send application/json.`));
  });
}

/** The media type that the client gave its raw body. */
export function uploadMediaType(request: FastifyRequest): string | null {
  return mediaTypes.get(request) ?? null;
}

function isUpload(request: FastifyRequest): boolean {
  return request.method === 'POST' && request.routeOptions.url === UPLOAD_PATH;
}
