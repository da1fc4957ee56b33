import { Controller, Get, HttpStatus, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequiresScope } from '../auth/requires-scope.decorator';
import { ApiTenant } from '../http/api-errors';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { WiringHealth } from './dto/wiring-health';
import { WiringHealthQuery } from './dto/wiring-health.query';
import { WiringHealthService } from './wiring-health.service';

@ApiTags('Health')
@RequiresScope('wiring:read')
@Controller('health/wiring')
export class WiringHealthController {
  constructor(private readonly health: WiringHealthService) {}

  @Get()
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
  ): Promise<WiringHealth> {
    const health = await this.health.check(tenant, {
      detail: query.detail ?? false,
      refresh: query.refresh ?? false,
      scan: query.verify === 'scan',
    });
    const { health_status } = health;
    if (health_status === 'unknown' || (query.strict && health_status === 'unhealthy')) {
      void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    }
    return health;
  }
}
