import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The `Last-Event-ID` that a client sends which has lost its connection, or null. */
export const LastEventId = createParamDecorator((_: unknown, context: ExecutionContext): string | null => {
  const id = context.switchToHttp().getRequest<FastifyRequest>().headers['last-event-id'];
  return typeof id === 'string' ? id : null;
});
