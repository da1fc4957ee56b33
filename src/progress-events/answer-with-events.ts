import type { Readable } from 'node:stream';
import { HttpStatus } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies that gather or compress an answer would deliver its events at its end.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  // An idle connection after it would outlive a shutdown.
  connection: 'close',
};

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The answer of a route that `ApiProgressEvents` documents; without a stream the client has seen the end already. */
export function answerWithEvents(
  stream: Readable | null,
  request: FastifyRequest & { principal?: Principal },
  reply: FastifyReply,
): Readable | undefined {
  if (stream === null) {
    void reply.status(HttpStatus.NO_CONTENT);
    return undefined;
  }
  void reply.headers(HEADERS);
  if (request.method !== 'HEAD') return untilExpiry(stream, request.principal);
  stream.destroy();
  return undefined;
}

/** A token allows nothing after its end, a stream that it opened before included; the client opens another with a new one. */
function untilExpiry(stream: Readable, principal: Principal | undefined): Readable {
  if (principal) {
    const left = Math.min(principal.expires_at - Date.now(), LONGEST_TIMER_MS);
    const end = setTimeout(() => stream.destroy(), left);
    stream.once('close', () => {
      clearTimeout(end);
    });
  }
  return stream;
}
