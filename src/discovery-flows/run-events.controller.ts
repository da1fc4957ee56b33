import type { Readable } from 'node:stream';
import { Controller, Get, HttpStatus, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal';
import { ApiErrors, ApiTenant } from '../http/api-errors';
import { UuidParam } from '../http/uuid-parameter';
import { CurrentTenant } from '../tenancy/tenant.decorator';
import type { Tenant } from '../tenancy/tenant';
import { RunEvents } from './run-events.service';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies that gather or compress an answer would deliver its events at its end.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  // An idle connection after it would outlive a shutdown.
  connection: 'close',
};

const LONGEST_TIMER_MS = 2 ** 31 - 1;

const EXAMPLE =
  'retry: 2000\n\nevent: progress\nid: 1764000000000-5f0c2a91\ndata: {"status":"running","pending":200,…}\n\n: heartbeat\n\n';

@ApiTags('Runs')
@ApiTenant()
@Controller('discovery-flows/:flow_id/runs')
export class RunEventsController {
  constructor(private readonly events: RunEvents) {}

  @Get(':run_id/events')
  @ApiOperation({
    summary: 'Progress of a run, as server-sent events',
    description:
      'A `progress` event at once and after each change, with the run as GET answers it; `end` with its last state, and ' +
      'then the stream ends. A comment line every 15 seconds keeps the connection open. At most 50 clients ' +
      'of a tenant (429) and 100 of a process (503) watch at a time; asking for the run itself works as well.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event that the client has; that state is not sent again.',
  })
  @ApiOkResponse({
    description: 'Events until the run ends.',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  @ApiNoContentResponse({ description: 'Last-Event-ID was the end: nothing follows.' })
  @ApiErrors(404)
  async watch(
    @CurrentTenant() tenant: Tenant,
    @UuidParam('flow_id') flow_id: string,
    @UuidParam('run_id') run_id: string,
    @Req() request: FastifyRequest & { principal?: Principal },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | undefined> {
    const lastEventId = request.headers['last-event-id'];
    const stream = await this.events.watch(
      tenant,
      flow_id,
      run_id,
      typeof lastEventId === 'string' ? lastEventId : null,
    );
    if (stream === null) {
      void reply.status(HttpStatus.NO_CONTENT);
      return undefined;
    }
    void reply.headers(HEADERS);
    if (request.method !== 'HEAD') return untilExpiry(stream, request.principal);
    stream.destroy();
    return undefined;
  }
}

/** A token allows nothing after its end, a stream that it opened before included; the client opens another with a new one. */
function untilExpiry(stream: Readable, principal: Principal | undefined): Readable {
  if (principal) {
    const left = Math.min(principal.expires_at - Date.now(), LONGEST_TIMER_MS);
    const end = setTimeout(() => stream.destroy(), left);
    stream.once('close', () => {
      clearTimeout(end);
    });
  }
  return stream;
}
