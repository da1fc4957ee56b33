import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Problem } from './problem';

const STATUS = 417;

/** Node answers an expectation other than `100-continue` by itself, with a bare 417 that nobody else sees. */
export function refuseExpectations(server: Server): void {
  server.on('checkExpectation', ({ url = '/' }: IncomingMessage, response: ServerResponse) => {
    const problem: Problem = {
      type: 'about:blank',
      title: STATUS_CODES[STATUS] ?? 'Error',
      status: STATUS,
      detail: 'Nothing but 100-continue can be expected here.',
      instance: url.split('?', 1)[0] ?? '/',
      request_id: randomUUID(),
    };
    response
      .writeHead(STATUS, {
        'content-type': 'application/problem+json',
        'x-request-id': problem.request_id,
        // Its body, if it has one, is read by nobody.
        connection: 'close',
      })
      .end(JSON.stringify(problem));
  });
}
