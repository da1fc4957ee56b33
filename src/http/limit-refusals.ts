import type { FastifyInstance } from 'fastify';
import { TooManyRequestsError } from '../errors/too-many-requests.error';
import { PROBES } from './probes';

/**
 * Turns an address away that was answered 401 more than `perMinute` times in a minute, before its next token is
 * verified: each refusal costs us a signature check, and guessing nothing. 0 is no limit.
 */
export function limitRefusals(fastify: FastifyInstance, perMinute: number): void {
  if (perMinute === 0) return;
  const refused = fastify.createRateLimit({ max: perMinute, timeWindow: 60_000 });
  fastify.addHook('onRequest', async (request) => {
    if (PROBES.test(request.routeOptions.url ?? '')) return;
    const counted = await refused(request, { increment: false });
    if (counted.isAllowed || counted.remaining > 0) return;
    throw new TooManyRequestsError(
      'Too many requests from this address were refused. Try again later.',
      counted.ttlInSeconds,
    );
  });
  fastify.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode === 401) await refused(request);
  });
}
