import rateLimit from '@fastify/rate-limit';
import type { HttpAdapterHost } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import fastify, { type FastifyInstance } from 'fastify';
import { loadSettings } from '../config/settings';
import { RateLimitGuard } from './rate-limit.guard';

describe('requests of a subject', () => {
  let app: FastifyInstance;
  beforeEach(async () => {
    app = fastify();
    await app.register(rateLimit, { global: false });
    const host = { httpAdapter: { getInstance: () => app } } as unknown as HttpAdapterHost;
    const guard = new RateLimitGuard(host, loadSettings({ RATE_LIMIT_PER_MINUTE: '2' }));
    app.get('/', async (request, reply) => {
      const { subject, client, engagement } = request.query as Record<string, string>;
      Object.assign(request, {
        ...(subject !== undefined && { principal: { subject } }),
        tenant: { client_account_id: client, engagement_id: engagement },
      });
      await guard.canActivate(new ExecutionContextHost([request, reply]));
      return 'done';
    });
  });
  afterEach(() => app.close());

  const ask = async (subject: string | null, client = 'c', engagement = 'e', remoteAddress = '192.0.2.1') => {
    const query = { client, engagement, ...(subject !== null && { subject }) };
    return (await app.inject({ url: '/', query, remoteAddress })).statusCode === 200;
  };
  const useUp = async (subject: string | null) => {
    expect([await ask(subject), await ask(subject), await ask(subject)]).toEqual([true, true, false]);
  };

  it('leave another subject what it has, at the same address too', async () => {
    await useUp('ada');
    expect(await ask('bob')).toBe(true);
    expect(await ask(null)).toBe(true);
  });

  it('are one count from wherever they come', async () => {
    await useUp('ada');
    expect(await ask('ada', 'c', 'e', '192.0.2.2')).toBe(false);
  });

  it('are counted for each client and engagement', async () => {
    await useUp('ada');
    expect(await ask('ada', 'other')).toBe(true);
    expect(await ask('ada', 'c', 'other')).toBe(true);
  });

  it('whose name is an address are not those of the address', async () => {
    await useUp(null);
    expect(await ask('192.0.2.1')).toBe(true);
  });
});
