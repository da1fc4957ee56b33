import { applyDecorators, Controller, HttpCode, HttpStatus, Post, Res, UseGuards } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../auth/actor';
import { CurrentActor } from '../auth/current-actor.decorator';
import { ApiErrors, ApiTenant } from '../http/api-errors';
import { NoBodyGuard } from '../http/no-body.guard';
import { UuidParam } from '../http/uuid-parameter';
import { ApiIdempotent } from '../idempotency/api-idempotent';
import { Idempotent } from '../idempotency/idempotent.decorator';
import type { IdempotentRequest } from '../idempotency/idempotent-request';
import { IdempotentRequests } from '../idempotency/idempotent-requests.service';
import { sendAnswer } from '../idempotency/send-answer';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { RunResponse } from './dto/run.response';
import { RunControl } from './run-control.service';
import { runProgress } from './run-progress';
import { RunsService } from './runs.service';

type Action = 'pause' | 'resume' | 'cancel' | 'retry';

/** A route that asks something of a run. */
function RunAction(action: Action, summary: string, description = 'The run as it is now.') {
  return applyDecorators(
    Post(action),
    HttpCode(HttpStatus.ACCEPTED),
    UseGuards(NoBodyGuard),
    ApiOperation({ summary }),
    ApiAcceptedResponse({ type: RunResponse, description }),
    ApiIdempotent(),
    ApiErrors(404),
  );
}

interface Asked {
  tenant: Tenant;
  actor: Actor;
  request: IdempotentRequest | null;
  flow_id: string;
  run_id: string;
}

@ApiTags('Runs')
@ApiTenant()
@Controller('discovery-flows/:flow_id/runs/:run_id')
export class RunControlController {
  constructor(
    private readonly control: RunControl,
    private readonly runs: RunsService,
    private readonly requests: IdempotentRequests,
  ) {}

  @RunAction(
    'pause',
    'Pause a run when the chunk under way has ended',
    'Paused, or `requested` says that it will be.',
  )
  pause(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @Idempotent() request: IdempotentRequest | null,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.ask('pause', { tenant, actor, request, flow_id, run_id }, reply);
  }

  @RunAction('resume', 'Go on with a paused run')
  resume(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @Idempotent() request: IdempotentRequest | null,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.ask('resume', { tenant, actor, request, flow_id, run_id }, reply);
  }

  @RunAction(
    'cancel',
    'End a run when the chunk under way has ended; its other rows stay pending',
    'Cancelled, or `requested` says that it will be.',
  )
  cancel(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @Idempotent() request: IdempotentRequest | null,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.ask('cancel', { tenant, actor, request, flow_id, run_id }, reply);
  }

  @RunAction('retry', 'Try the failed chunks of an ended run again, and those that it never came to')
  retry(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @Idempotent() request: IdempotentRequest | null,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.ask('retry', { tenant, actor, request, flow_id, run_id }, reply);
  }

  private async ask(
    action: Action,
    { tenant, actor, request, flow_id, run_id }: Asked,
    reply: FastifyReply,
  ): Promise<string> {
    const answer = await this.requests.transaction(tenant, request, async (tx) => {
      await this.control[action](tx, actor, flow_id, run_id);
      const run = await this.runs.require(tx, flow_id, run_id);
      return { status: HttpStatus.ACCEPTED, location: null, body: runProgress(run) };
    });
    return sendAnswer(reply, answer);
  }
}
