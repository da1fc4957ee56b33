import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidInputError } from '../errors/invalid-input.error';

/** A route that takes no body refuses every property of one by name. */
@Injectable()
export class NoBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    const unknown = typeof body === 'object' && body !== null ? Object.keys(body) : [];
    if (unknown.length > 0) {
      throw new InvalidInputError(unknown.map((field) => ({ field, message: 'is not known here' })));
    }
    return true;
  }
}
