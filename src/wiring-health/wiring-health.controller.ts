import { Controller, Get, Header, HttpStatus, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequiresScope } from '../auth/requires-scope.decorator';
import { ApiTenant } from '../http/api-errors';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { ListHealthHistoryQuery } from './dto/list-health-history.query';
import { WiringHealth } from './dto/wiring-health';
import { WiringHealthHistoryPage } from './dto/wiring-health-history-page';
import { WiringHealthQuery } from './dto/wiring-health.query';
import { HealthHistoryService } from './health-history.service';
import { WiringHealthService } from './wiring-health.service';

@ApiTags('Health')
@RequiresScope('wiring:read')
@Controller('health/wiring')
export class WiringHealthController {
  constructor(
    private readonly health: WiringHealthService,
    private readonly history: HealthHistoryService,
  ) {}

  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiTenant()
  @ApiOperation({ summary: 'Whether every link of the tenant holds, and how many do not' })
  @ApiOkResponse({ type: WiringHealth })
  @ApiServiceUnavailableResponse({
    type: WiringHealth,
    description: 'unknown, or unhealthy with ?strict=true',
  })
  async check(
    @CurrentTenant() tenant: Tenant,
    @Query() query: WiringHealthQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { health_status, text } = await this.health.check(tenant, {
      detail: query.detail ?? false,
      refresh: query.refresh ?? false,
      scan: query.verify === 'scan',
    });
    if (health_status === 'unknown' || (query.strict && health_status === 'unhealthy')) {
      void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    }
    return text;
  }

  @Get('history')
  @ApiTenant()
  @ApiOperation({
    summary: 'The worst health of each hour, newest first: when it broke, and when it held again',
    description:
      'Of all checks of an hour (UTC) the worst is kept, and of several as bad the latest; what comes from the cache is ' +
      'no check, and `unknown` is not kept. An hour in which nobody asked for the health is missing. Kept for 90 days.',
  })
  @ApiOkResponse({ type: WiringHealthHistoryPage })
  listHistory(
    @CurrentTenant() tenant: Tenant,
    @Query() query: ListHealthHistoryQuery,
  ): Promise<WiringHealthHistoryPage> {
    return this.history.list(tenant, query);
  }
}
