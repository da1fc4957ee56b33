import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiErrors } from '../http/api-errors';
import { WithoutTenant } from '../tenancy/tenant.guard';
import { Liveness } from './liveness';
import { Readiness } from './readiness';
import { ReadinessService } from './readiness.service';

@ApiTags('Health')
@ApiErrors(400, 500)
@WithoutTenant()
@Controller('health')
export class ServiceHealthController {
  constructor(private readonly readiness: ReadinessService) {}

  @Get('live')
  @ApiOperation({ summary: 'The process answers; depends on nothing' })
  @ApiOkResponse({ type: Liveness })
  live(): Liveness {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The database answers and its schema is up to date' })
  @ApiOkResponse({ type: Readiness })
  @ApiServiceUnavailableResponse({ type: Readiness })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.readiness.check();
    if (readiness.status !== 'ready') void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }
}
