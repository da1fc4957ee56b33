import { Body, Controller, Get, HttpCode, HttpStatus, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../auth/actor';
import { CurrentActor } from '../auth/current-actor.decorator';
import { ApiErrors, ApiTenant } from '../http/api-errors';
import { PageQuery } from '../http/page';
import { UuidParam } from '../http/uuid-parameter';
import { ApiIdempotent } from '../idempotency/api-idempotent';
import { Idempotent } from '../idempotency/idempotent.decorator';
import type { IdempotentRequest } from '../idempotency/idempotent-request';
import { IdempotentRequests } from '../idempotency/idempotent-requests.service';
import { sendAnswer } from '../idempotency/send-answer';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { ListRunChunksQuery, RunChunkPage } from './dto/run-chunk';
import { RunConflictPage } from './dto/run-conflict';
import { RunPage } from './dto/run-page';
import { RunPreview } from './dto/run-preview';
import { RunResponse } from './dto/run.response';
import { StartRunRequest } from './dto/start-run.request';
import { PreviewRuns } from './preview-runs.service';
import { runProgress } from './run-progress';
import { RunsService } from './runs.service';

@ApiTags('Runs')
@ApiTenant()
@Controller('discovery-flows/:flow_id/runs')
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly previews: PreviewRuns,
    private readonly requests: IdempotentRequests,
  ) {}

  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({
    summary: "Turn the flow's pending rows into assets, in the background",
    description:
      'A row that describes an asset which the tenant has makes none: it is a duplicate, or a conflict where it says ' +
      'otherwise. With `dry_run` nothing is written, and the answer tells what a run would do.',
  })
  @ApiAcceptedResponse({ type: RunResponse, description: 'Queued; `Location` leads to its progress.' })
  @ApiOkResponse({ type: RunPreview, description: 'Of a dry run.' })
  @ApiIdempotent()
  @ApiErrors(404, 415)
  async start(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @Idempotent() request: IdempotentRequest | null,
    @UuidParam('flow_id') flow_id: string,
    @Body() body: StartRunRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const answer =
      body.dry_run === true
        ? await this.requests.inSteps(tenant, request, async () => ({
            status: HttpStatus.OK,
            location: null,
            body: await this.previews.preview(tenant, flow_id, body),
          }))
        : await this.requests.transaction(tenant, request, async (tx) => {
            const run = await this.runs.start(tx, actor, flow_id, body);
            const location = `/api/v1/discovery-flows/${flow_id}/runs/${run.id}`;
            return { status: HttpStatus.ACCEPTED, location, body: runProgress(run) };
          });
    return sendAnswer(reply, answer);
  }

  @Get()
  @ApiOperation({ summary: 'Runs of the flow, newest first' })
  @ApiOkResponse({ type: RunPage })
  @ApiErrors(404)
  async list(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @Query() query: PageQuery,
  ): Promise<RunPage> {
    const page = await this.runs.list(tenant, flow_id, query);
    return { ...page, data: page.data.map(runProgress) };
  }

  @Get(':run_id')
  @ApiOperation({ summary: 'Progress and ledger of a run' })
  @ApiOkResponse({ type: RunResponse })
  @ApiErrors(404)
  async get(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
  ): Promise<RunResponse> {
    return runProgress(await this.runs.get(tenant, flow_id, run_id));
  }

  @Get(':run_id/chunks')
  @ApiOperation({
    summary: 'Chunks of a run with their rows; `?status=failed` lists those that failed, and why',
  })
  @ApiOkResponse({ type: RunChunkPage })
  @ApiErrors(404)
  chunks(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
    @Query() query: ListRunChunksQuery,
  ): Promise<RunChunkPage> {
    return this.runs.listChunks(tenant, flow_id, run_id, query);
  }

  @Get(':run_id/conflicts')
  @ApiOperation({ summary: 'Rows that describe an asset otherwise than it is, and what differs' })
  @ApiOkResponse({ type: RunConflictPage })
  @ApiErrors(404)
  conflicts(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
    @Query() query: PageQuery,
  ): Promise<RunConflictPage> {
    return this.runs.listConflicts(tenant, flow_id, run_id, query);
  }
}
