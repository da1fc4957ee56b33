import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors';

const EXAMPLE =
  'retry: 2000\n\nevent: progress\nid: 1764000000000-5f0c2a91\ndata: {"status":"running","pending":200,…}\n\n: heartbeat\n\n';

/** Documents a route that sends the states of a run, or of something like it, as they come. */
export function ApiProgressEvents(summary: string) {
  return applyDecorators(
    ApiOperation({
      summary,
      description:
        'A `progress` event at once and after each change, with what GET answers without `/events`; `end` with the last ' +
        'state, and then the stream ends. A comment line every 15 seconds keeps the connection open. At most 50 clients ' +
        'of a tenant (429) and 100 of a process (503) watch at a time; asking for the state itself works as well.',
    }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'The id of the last event that the client has; that state is not sent again.',
    }),
    ApiOkResponse({
      description: 'Events until the end.',
      content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
    }),
    ApiNoContentResponse({ description: 'Last-Event-ID was the end: nothing follows.' }),
    ApiErrors(404),
  );
}
