import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidInputError } from '../errors/invalid-input.error';
import { IdempotentRequest } from './idempotent-request';

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/**
 * The request under its `Idempotency-Key`, or null where it has none. Method, path, query and JSON body tell one request
 * from another; a body that is still to be streamed is added by `with`.
 */
export const Idempotent = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { headers, method, url, query, body } = context.switchToHttp().getRequest<FastifyRequest>();
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !VISIBLE_ASCII.test(key)) {
    throw new InvalidInputError([
      { field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters, without spaces' },
    ]);
  }
  const json = body instanceof Readable ? null : (body ?? null);
  return new IdempotentRequest(key, { method, path: url.split('?', 1)[0], query, body: json });
});
