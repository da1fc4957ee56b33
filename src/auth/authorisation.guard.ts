import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { SETTINGS, type Settings } from '../config/settings';
import { ForbiddenError } from '../errors/forbidden.error';
import { UnauthorizedError } from '../errors/unauthorized.error';
import type { TenantRequest } from '../tenancy/tenant.guard';
import { holds, type Principal } from './principal';
import { REQUIRED_SCOPE } from './requires-scope.decorator';
import type { Scope } from './scope';

/** The headers have selected a tenant; the token must hold it, and allow what is asked. It comes after the tenant's guard. */
@Injectable()
export class AuthorisationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.settings.AUTH_MODE === 'headers') return true;
    const request = context.switchToHttp().getRequest<TenantRequest & { principal?: Principal }>();
    const { tenant, principal } = request;
    // The tenant's guard let it pass without one, which is for routes of no tenant alone.
    if (!tenant) return true;
    // Every request was authenticated before its body was read; should one not have been, it gets nothing.
    if (!principal) throw new UnauthorizedError();
    if (!holds(principal, tenant)) throw new ForbiddenError('The token does not hold this tenant.');
    const scope = this.scopeOf(context, request.method);
    if (!principal.scopes.has(scope)) throw new ForbiddenError(`The token lacks the scope ${scope}.`, scope);
    return true;
  }

  private scopeOf(context: ExecutionContext, method: string): Scope {
    const required = this.reflector.getAllAndOverride<Scope | undefined>(REQUIRED_SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    return required ?? (method === 'GET' || method === 'HEAD' ? 'inventory:read' : 'inventory:write');
  }
}
