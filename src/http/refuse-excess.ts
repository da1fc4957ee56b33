import { HttpException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { InvalidInputError } from '../errors/invalid-input.error';

/** Browsers behind proxies send about thirty. Node drops what comes after 2,000 without a word. */
const MAX_HEADERS = 100;
const MAX_PARAMETERS = 50;

/** Refuses what fits into the size of a head, and still has more parts than any request of ours. */
export function refuseExcess(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    if (raw.rawHeaders.length > 2 * MAX_HEADERS) {
      done(new HttpException(`The request has more than ${MAX_HEADERS} headers.`, 431));
      return;
    }
    if ((raw.url ?? '').split('&', MAX_PARAMETERS + 1).length > MAX_PARAMETERS) {
      done(
        new InvalidInputError([
          { field: 'query', message: `must have at most ${MAX_PARAMETERS} parameters` },
        ]),
      );
      return;
    }
    done();
  });
}
