import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { TenantRequest } from './tenant.guard';

/** The tenant that the guard verified. */
export const CurrentTenant = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { tenant } = context.switchToHttp().getRequest<TenantRequest>();
  if (!tenant) throw new Error('a route without tenant asked for one');
  return tenant;
});
