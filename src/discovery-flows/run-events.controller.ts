import type { Readable } from 'node:stream';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiTenant } from '../http/api-errors';
import { UuidParam } from '../http/uuid-parameter';
import { answerWithEvents } from '../progress-events/answer-with-events';
import { ApiProgressEvents } from '../progress-events/api-progress-events';
import { LastEventId } from '../progress-events/last-event-id.decorator';
import { progressEvent } from '../progress-events/progress-event';
import { ProgressEvents } from '../progress-events/progress-events.service';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { hasEnded } from './has-ended';
import { runProgress } from './run-progress';
import { RunsService } from './runs.service';

@ApiTags('Runs')
@ApiTenant()
@Controller('discovery-flows/:flow_id/runs')
export class RunEventsController {
  constructor(
    private readonly runs: RunsService,
    private readonly events: ProgressEvents,
  ) {}

  @Get(':run_id/events')
  @ApiProgressEvents('Progress of a run, as server-sent events')
  async watch(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
    @LastEventId() lastEventId: string | null,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | undefined> {
    const stream = await this.events.watch(tenant, lastEventId, async () => {
      const run = runProgress(await this.runs.get(tenant, flow_id, run_id));
      return progressEvent(run, hasEnded(run));
    });
    return answerWithEvents(stream, request, reply);
  }
}
