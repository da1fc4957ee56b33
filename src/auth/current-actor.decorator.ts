import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from './actor';

/** Who makes this request, to be handed on to whatever it changes. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { id, principal } = context
    .switchToHttp()
    .getRequest<FastifyRequest & { principal?: { readonly subject: string } }>();
  return { subject: principal?.subject ?? null, request_id: id };
});
