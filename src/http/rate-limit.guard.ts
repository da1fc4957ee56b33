import { hash } from 'node:crypto';
import { normalizeIP } from '@fastify/rate-limit';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SETTINGS, type Settings } from '../config/settings';
import { TooManyRequestsError } from '../errors/too-many-requests.error';

interface LimitedRequest extends FastifyRequest {
  tenant?: { client_account_id: string; engagement_id: string };
  principal?: { subject: string };
}

/**
 * Counts the requests of a subject in a tenant, or of an address where nobody had to say who they are. Each instance
 * counts for itself, up to 5,000 of them; whoever was not heard of for longest is forgotten first. A route without tenant is not counted: probes must be answered whatever else is asked.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private limit: ReturnType<FastifyInstance['createRateLimit']> | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<LimitedRequest>();
    if (this.settings.RATE_LIMIT_PER_MINUTE === 0 || !request.tenant) return true;
    const counted = await this.counter()(request);
    if (counted.isAllowed) return true;
    const { max, remaining, ttlInSeconds, isExceeded } = counted;
    void http.getResponse<FastifyReply>().headers({
      'ratelimit-limit': max,
      'ratelimit-remaining': remaining,
      'ratelimit-reset': ttlInSeconds,
    });
    if (isExceeded) {
      throw new TooManyRequestsError(`More than ${max} requests in a minute. Ask again later.`, ttlInSeconds);
    }
    return true;
  }

  private counter() {
    // The plugin is there once the application starts, which is after this guard was made.
    this.limit ??= this.host.httpAdapter.getInstance<FastifyInstance>().createRateLimit({
      max: this.settings.RATE_LIMIT_PER_MINUTE,
      timeWindow: 60_000,
      keyGenerator: keyOf,
    });
    return this.limit;
  }
}

/** Hashed, since a subject may be long and this many of them are kept. */
function keyOf(request: FastifyRequest): string {
  const { tenant, principal, ip } = request as LimitedRequest;
  const who = principal ? ['subject', principal.subject] : ['address', normalizeIP(ip)];
  return hash('sha256', JSON.stringify([...who, tenant?.client_account_id, tenant?.engagement_id]), 'base64');
}
