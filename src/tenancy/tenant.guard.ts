import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { type FieldError, InvalidInputError } from '../errors/invalid-input.error';
import { isTenantId } from './is-tenant-id';
import type { Tenant } from './tenant';

const WITHOUT_TENANT = Symbol('without tenant');

export interface TenantRequest extends FastifyRequest {
  tenant?: Tenant;
}

/** Marks a route that belongs to no tenant, such as the liveness probe. Every other route needs one. */
export const WithoutTenant = () => SetMetadata(WITHOUT_TENANT, true);

/** Verifies the tenant headers and attaches the tenant; it decides nothing else. */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const exempt = this.reflector.getAllAndOverride<boolean | undefined>(WITHOUT_TENANT, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (exempt) return true;
    const request = context.switchToHttp().getRequest<TenantRequest>();
    const errors: FieldError[] = [];
    const client_account_id = tenantHeader(request, 'X-Client-Account-Id', errors);
    const engagement_id = tenantHeader(request, 'X-Engagement-Id', errors);
    if (errors.length > 0) throw new InvalidInputError(errors);
    request.tenant = Object.freeze({ client_account_id, engagement_id });
    return true;
  }
}

function tenantHeader(request: FastifyRequest, name: string, errors: FieldError[]): string {
  const value = request.headers[name.toLowerCase()];
  if (isTenantId(value)) return value.toLowerCase();
  errors.push({ field: name, message: value === undefined ? 'header is missing' : 'must be a UUID' });
  return '';
}
