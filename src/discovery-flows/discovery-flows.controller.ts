import { Body, Controller, Get, HttpStatus, Post, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
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
import { DiscoveryFlow } from './discovery-flow.entity';
import { DiscoveryFlowsService } from './discovery-flows.service';
import { CreateFlowRequest } from './dto/create-flow.request';
import { FlowPage } from './dto/flow-page';
import { PersistAssetsRequest } from './dto/persist-assets.request';
import { PersistAssetsResponse } from './dto/persist-assets.response';
import { PutFieldMappingsRequest } from './dto/put-field-mappings.request';
import type { GivenListProgress } from './given-list-progress';
import { PersistAssetsService } from './persist-assets.service';

@ApiTags('Discovery flows')
@ApiTenant()
@Controller('discovery-flows')
export class DiscoveryFlowsController {
  constructor(
    private readonly flows: DiscoveryFlowsService,
    private readonly persistence: PersistAssetsService,
    private readonly requests: IdempotentRequests,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Create a flow and its master flow' })
  @ApiCreatedResponse({ type: DiscoveryFlow })
  @ApiIdempotent()
  @ApiErrors(404, 413, 415)
  async create(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @Idempotent() request: IdempotentRequest | null,
    @Body() body: CreateFlowRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const answer = await this.requests.transaction(tenant, request, async (tx) => {
      const flow = await this.flows.create(tx, actor, body);
      return {
        status: HttpStatus.CREATED,
        location: `/api/v1/discovery-flows/${flow.flow_id}`,
        body: flow,
      };
    });
    return sendAnswer(reply, answer);
  }

  @Get()
  @ApiOperation({ summary: 'Flows of the tenant, newest first' })
  @ApiOkResponse({ type: FlowPage })
  list(@CurrentTenant() tenant: Tenant, @Query() query: PageQuery): Promise<FlowPage> {
    return this.flows.list(tenant, query);
  }

  @Get(':flow_id')
  @ApiOperation({ summary: 'One flow, by its public id' })
  @ApiOkResponse({ type: DiscoveryFlow })
  @ApiErrors(404)
  get(@CurrentTenant() tenant: Tenant, @UuidParam('flow_id') flow_id: string): Promise<DiscoveryFlow> {
    return this.flows.get(tenant, flow_id);
  }

  @Put(':flow_id/field-mappings')
  @ApiOperation({ summary: 'Replace the mappings of a flow' })
  @ApiOkResponse({ type: DiscoveryFlow })
  @ApiErrors(404, 409, 413, 415)
  putMappings(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @UuidParam('flow_id') flow_id: string,
    @Body() body: PutFieldMappingsRequest,
  ): Promise<DiscoveryFlow> {
    return this.flows.putMappings(tenant, actor, flow_id, body.field_mappings);
  }

  @Post(':flow_id/assets')
  @ApiOperation({
    summary: 'Persist a given list of assets now, in chunks',
    description: 'An item whose raw record is linked, unknown or named twice is skipped and makes no asset.',
  })
  @ApiCreatedResponse({ type: PersistAssetsResponse })
  @ApiIdempotent()
  @ApiErrors(404, 413, 415)
  async persistAssets(
    @CurrentTenant() tenant: Tenant,
    @CurrentActor() actor: Actor,
    @Idempotent() request: IdempotentRequest | null,
    @UuidParam('flow_id') flow_id: string,
    @Body() body: PersistAssetsRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const answer = await this.requests.inSteps<GivenListProgress>(tenant, request, async (steps) => ({
      status: HttpStatus.CREATED,
      location: null,
      body: await this.persistence.persist(tenant, actor, flow_id, body, steps),
    }));
    return sendAnswer(reply, answer);
  }
}
