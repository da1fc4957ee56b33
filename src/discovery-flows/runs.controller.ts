import { Body, Controller, Get, HttpCode, HttpStatus, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiErrors, ApiTenant } from '../http/api-errors';
import { PageQuery } from '../http/page';
import { UuidParam } from '../http/uuid-parameter';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { ListRunChunksQuery, RunChunkPage } from './dto/run-chunk';
import { RunConflictPage } from './dto/run-conflict';
import { RunPage } from './dto/run-page';
import { RunPreview } from './dto/run-preview';
import { RunResponse } from './dto/run.response';
import { StartRunRequest } from './dto/start-run.request';
import { PreviewRuns } from './preview-runs.service';
import { RunControl } from './run-control.service';
import { runProgress } from './run-progress';
import { RunsService } from './runs.service';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';

@ApiTags('Runs')
@ApiTenant()
@Controller('discovery-flows/:flow_id/runs')
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly control: RunControl,
    private readonly previews: PreviewRuns,
    private readonly database: TenantDatabase,
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
  @ApiErrors(404, 409, 415)
  async start(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @Body() body: StartRunRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RunResponse | RunPreview> {
    if (body.dry_run === true) {
      void reply.status(HttpStatus.OK);
      return this.previews.preview(tenant, flow_id, body);
    }
    const run = await this.database.transaction(tenant, (tx) => this.runs.start(tx, flow_id, body));
    void reply.header('location', `/api/v1/discovery-flows/${flow_id}/runs/${run.id}`);
    return runProgress(run);
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

  @Post(':run_id/pause')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({ summary: 'Pause a run when the chunk under way has ended' })
  @ApiAcceptedResponse({ type: RunResponse, description: 'Paused, or `requested` says that it will be.' })
  @ApiErrors(404, 409)
  pause(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
  ): Promise<RunResponse> {
    return this.ask(tenant, flow_id, run_id, (tx) => this.control.pause(tx, flow_id, run_id));
  }

  @Post(':run_id/resume')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({ summary: 'Go on with a paused run' })
  @ApiAcceptedResponse({ type: RunResponse })
  @ApiErrors(404, 409)
  resume(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
  ): Promise<RunResponse> {
    return this.ask(tenant, flow_id, run_id, (tx) => this.control.resume(tx, flow_id, run_id));
  }

  @Post(':run_id/cancel')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({ summary: 'End a run when the chunk under way has ended; its other rows stay pending' })
  @ApiAcceptedResponse({ type: RunResponse, description: 'Cancelled, or `requested` says that it will be.' })
  @ApiErrors(404, 409)
  cancel(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
  ): Promise<RunResponse> {
    return this.ask(tenant, flow_id, run_id, (tx) => this.control.cancel(tx, flow_id, run_id));
  }

  @Post(':run_id/retry')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({ summary: 'Try the failed chunks of an ended run again, and those that it never came to' })
  @ApiAcceptedResponse({ type: RunResponse })
  @ApiErrors(404, 409)
  retry(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
  ): Promise<RunResponse> {
    return this.ask(tenant, flow_id, run_id, (tx) => this.control.retry(tx, flow_id, run_id));
  }

  private ask(
    tenant: Tenant,
    flow_id: string,
    run_id: string,
    action: (tx: TenantTx) => Promise<void>,
  ): Promise<RunResponse> {
    return this.database.transaction(tenant, async (tx) => {
      await action(tx);
      return runProgress(await this.runs.require(tx, flow_id, run_id));
    });
  }
}
