import type { FastifyReply } from 'fastify';
import type { WrittenAnswer } from './written-answer';

/** Sets status and headers of an answer. @returns its body, for the controller to return as it is. */
export function sendAnswer(reply: FastifyReply, { status, location, text, replayed }: WrittenAnswer): string {
  void reply.status(status).type('application/json; charset=utf-8');
  if (location !== null) void reply.header('location', location);
  if (replayed) void reply.header('idempotency-replayed', 'true');
  return text;
}
