import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import type { FastifyRequest } from 'fastify';
import { InvalidInputError } from '../errors/invalid-input.error';

const QUERY_ARGUMENT = new RegExp(`^${RouteParamtypes.QUERY}:`);

/** A route that takes no query refuses every parameter by name; one that does has its query class checked. */
@Injectable()
export class UnknownQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const route = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as
      Record<string, unknown> | undefined;
    if (Object.keys(route ?? {}).some((argument) => QUERY_ARGUMENT.test(argument))) return true;
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const unknown = Object.keys(query as object);
    if (unknown.length > 0) {
      throw new InvalidInputError(unknown.map((field) => ({ field, message: 'is not known here' })));
    }
    return true;
  }
}
