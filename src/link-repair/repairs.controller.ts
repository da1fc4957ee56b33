import type { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, HttpStatus, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../auth/actor';
import { CurrentActor } from '../auth/current-actor.decorator';
import { RequiresScope } from '../auth/requires-scope.decorator';
import { ApiErrors, ApiTenant } from '../http/api-errors';
import { NoBodyGuard } from '../http/no-body.guard';
import { UuidParam } from '../http/uuid-parameter';
import { ApiIdempotent } from '../idempotency/api-idempotent';
import { Idempotent } from '../idempotency/idempotent.decorator';
import type { IdempotentRequest } from '../idempotency/idempotent-request';
import { IdempotentRequests } from '../idempotency/idempotent-requests.service';
import { sendAnswer } from '../idempotency/send-answer';
import { answerWithEvents } from '../progress-events/answer-with-events';
import { ApiProgressEvents } from '../progress-events/api-progress-events';
import { LastEventId } from '../progress-events/last-event-id.decorator';
import { progressEvent } from '../progress-events/progress-event';
import { ProgressEvents } from '../progress-events/progress-events.service';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { RepairPlan } from './dto/repair-plan';
import { StartRepairRequest } from './dto/start-repair.request';
import { LinkRepair } from './link-repair.entity';
import { RepairRequests } from './repair-requests.service';

@ApiTags('Repair')
@ApiTenant()
@RequiresScope('wiring:read')
@Controller('health/wiring/repair')
export class RepairsController {
  constructor(
    private readonly repairs: RepairRequests,
    private readonly events: ProgressEvents,
    private readonly requests: IdempotentRequests,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'What a repair of the links would do now, and what it would leave',
    description:
      'Only what has exactly one answer is in the plan. Data is never deleted: a reference to something that is gone is ' +
      'set to null, and the journal keeps what it was. Nothing is changed by asking.',
  })
  @ApiOkResponse({ type: RepairPlan })
  plan(@CurrentTenant() tenant: Tenant): Promise<RepairPlan> {
    return this.repairs.plan(tenant);
  }

  @Post()
  @RequiresScope('wiring:repair')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({
    summary: 'Do the plan of this hash, in the background',
    description:
      'Exactly that plan or nothing: where the links have changed since, the answer is 409. A row that changes while the ' +
      'repair is under way is left alone, and counted as skipped.',
  })
  @ApiAcceptedResponse({ type: LinkRepair, description: 'Begun; `Location` leads to its progress.' })
  @ApiIdempotent()
  @ApiErrors(415)
  async start(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @Idempotent() request: IdempotentRequest | null,
    @Body() body: StartRepairRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const answer = await this.repairs.inTurn(() =>
      this.requests.transaction(tenant, request, async (tx) => {
        const repair = await this.repairs.start(tx, actor, body.plan_hash);
        const location = `/api/v1/health/wiring/repair/${repair.id}`;
        return { status: HttpStatus.ACCEPTED, location, body: repair };
      }),
    );
    return sendAnswer(reply, answer);
  }

  @Get(':repair_id')
  @ApiOperation({ summary: 'How far a repair is' })
  @ApiOkResponse({ type: LinkRepair })
  @ApiErrors(404)
  get(@CurrentTenant() tenant: Tenant, @UuidParam('repair_id') repair_id: string): Promise<LinkRepair> {
    return this.repairs.get(tenant, repair_id);
  }

  @Get(':repair_id/events')
  @ApiProgressEvents('Progress of a repair, as server-sent events')
  async watch(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('repair_id') repair_id: string,
    @LastEventId() lastEventId: string | null,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | undefined> {
    const stream = await this.events.watch(tenant, lastEventId, async () => {
      const repair = await this.repairs.get(tenant, repair_id);
      return progressEvent(repair, repair.finished_at !== null);
    });
    return answerWithEvents(stream, request, reply);
  }

  @Post(':repair_id/undo')
  @RequiresScope('wiring:repair')
  @HttpCode(HttpStatus.ACCEPTED)
  @UseGuards(NoBodyGuard)
  @ApiOperation({
    summary: 'Put the links back as they were before a repair, in the background',
    description:
      'To the last byte, times of the last change included; a row whose links have changed since is left alone. 409 ' +
      'names the keys that forbid the old state, and nothing is done; after a rollback of these it can be.',
  })
  @ApiAcceptedResponse({ type: LinkRepair, description: 'The repair as it is now.' })
  @ApiIdempotent()
  @ApiErrors(404)
  async undo(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @Idempotent() request: IdempotentRequest | null,
    @UuidParam('repair_id') repair_id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const answer = await this.requests.transaction(tenant, request, async (tx) => {
      const repair = await this.repairs.undo(tx, actor, repair_id);
      return { status: HttpStatus.ACCEPTED, location: null, body: repair };
    });
    return sendAnswer(reply, answer);
  }
}
