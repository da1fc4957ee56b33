import type { FastifyInstance } from 'fastify';
import { InvalidInputError } from '../errors/invalid-input.error';

/** HTTP/1.1 wants a Host. Node would refuse what has none by itself, with a bare 400, so it is told to leave it to us. */
export function requireHost(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    const isMissing = raw.httpVersion === '1.1' && raw.headers.host === undefined;
    done(isMissing ? new InvalidInputError([{ field: 'Host', message: 'header is missing' }]) : undefined);
  });
}
