import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance } from 'fastify';
import { limitRefusals } from './limit-refusals';

const PER_MINUTE = 3;

describe('an address whose tokens are refused', () => {
  let app: FastifyInstance;
  let verified: number;

  async function start(perMinute: number) {
    app = fastify({ trustProxy: '127.0.0.1' });
    await app.register(rateLimit, { global: false });
    limitRefusals(app, perMinute);
    verified = 0;
    app.get('/api/v1/data-imports', (request, reply) => {
      verified++;
      return reply.code(request.headers.authorization === 'good' ? 200 : 401).send();
    });
    app.get('/api/v1/health/live', (_request, reply) => reply.send());
  }
  afterEach(() => app.close());

  const ask = async (token: string, address = '192.0.2.1', url = '/api/v1/data-imports') =>
    (await app.inject({ url, headers: { authorization: token, 'x-forwarded-for': address } })).statusCode;
  async function guess(times: number) {
    const statuses: number[] = [];
    for (let i = 0; i < times; i++) statuses.push(await ask('bad'));
    return statuses;
  }
  const turnedAway = expect.objectContaining({ status: 'turned away' });

  it('is turned away before the next is verified, and no other address is', async () => {
    await start(PER_MINUTE);
    app.setErrorHandler((error: { retryAfterSeconds?: number }, _request, reply) =>
      reply.code(429).send({ status: 'turned away', seconds: error.retryAfterSeconds }),
    );
    expect(await guess(PER_MINUTE)).toEqual([401, 401, 401]);
    const answer = await app.inject({
      url: '/api/v1/data-imports',
      headers: { authorization: 'good', 'x-forwarded-for': '192.0.2.1' },
    });
    expect(answer.json()).toEqual(turnedAway);
    expect(answer.json<{ seconds: number }>().seconds).toBeGreaterThan(0);
    expect(verified).toBe(PER_MINUTE);
    expect(await ask('good', '192.0.2.2')).toBe(200);
    expect(await ask('', '192.0.2.1', '/api/v1/health/live')).toBe(200);
  });

  it('is not told by what succeeded', async () => {
    await start(PER_MINUTE);
    for (let i = 0; i < PER_MINUTE + 2; i++) expect(await ask('good')).toBe(200);
    expect(await guess(1)).toEqual([401]);
  });

  it('is not counted without a limit', async () => {
    await start(0);
    expect(await guess(5)).toEqual([401, 401, 401, 401, 401]);
  });
});
