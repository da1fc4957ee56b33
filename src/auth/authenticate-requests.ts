import type { FastifyInstance, FastifyRequest } from 'fastify';
import { UnauthorizedError } from '../errors/unauthorized.error';
import { PROBES } from '../http/probes';
import type { Principal } from './principal';
import type { TokenVerifier } from './token-verifier';

/** Far above any token that an identity provider makes. */
const MAX_TOKEN = 8192;

/**
 * Has every request to the API show its bearer token before its body is read: whoever has none gets nothing, not even
 * told what is wrong with the rest. A token is taken from the Authorization header alone.
 */
export function authenticateRequests(fastify: FastifyInstance, verify: TokenVerifier): void {
  fastify.addHook('onRequest', async (request: FastifyRequest & { principal?: Principal }) => {
    const route = request.routeOptions.url;
    if (!route?.startsWith('/api/v1/') || PROBES.test(route)) return;
    request.principal = await verify(bearerToken(request));
  });
}

function bearerToken({ raw, headers }: FastifyRequest): string {
  if ((raw.headersDistinct.authorization?.length ?? 0) > 1) {
    throw new UnauthorizedError('invalid_token', 'there is more than one Authorization header');
  }
  const [scheme = '', token = '', ...rest] = (headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer' || token === '') throw new UnauthorizedError();
  if (rest.length > 0) throw new UnauthorizedError('invalid_token', 'it cannot be read');
  if (token.length > MAX_TOKEN)
    throw new UnauthorizedError('invalid_token', `it is longer than ${MAX_TOKEN} characters`);
  return token;
}
