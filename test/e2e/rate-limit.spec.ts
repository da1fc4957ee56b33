import type { Answer } from '../support/api-client';
import { readApiRoutes } from '../support/api-routes';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

const PER_MINUTE = 3;

describe('the rate limit', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({
      RATE_LIMIT_PER_MINUTE: String(PER_MINUTE),
      TRUST_PROXY: '127.0.0.1,10.0.0.0/8',
    });
  });
  afterAll(() => service.stop());

  const from = (forwarded_for: string) => ({ 'x-forwarded-for': forwarded_for });
  async function use(send: () => Promise<Answer>, times = PER_MINUTE): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let i = 0; i < times; i++) answers.push(await send());
    return answers;
  }

  function expectLimited(answer: Answer) {
    expectProblem(answer, 429);
    const seconds = Number(answer.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(answer.headers.get('ratelimit-remaining')).toBe('0');
  }

  it('answers 429 with Retry-After past it, and says before how much is left', async () => {
    const client = service.newClient();
    const answers = await use(() => client.get('/data-imports'));
    expect(
      answers.map(({ status, headers }) => [
        status,
        headers.get('ratelimit-limit'),
        headers.get('ratelimit-remaining'),
      ]),
    ).toEqual([
      [200, '3', '2'],
      [200, '3', '1'],
      [200, '3', '0'],
    ]);
    expectLimited(await client.get('/data-imports'));
    expectLimited(await client.post('/discovery-flows', { flow_name: 'over' }));
  });

  it('is of a tenant: neither another client nor another engagement has less for it', async () => {
    const client = service.newClient();
    await use(() => client.get('/data-imports'));
    expectLimited(await client.get('/data-imports'));
    const engagement_id = service.newClient().tenant.engagement_id;
    const other = (header: string, id: string) =>
      client.send('GET', '/data-imports', undefined, { [header]: id });
    expect((await other('x-engagement-id', engagement_id)).status).toBe(200);
    expect((await other('x-client-account-id', engagement_id)).status).toBe(200);
    expectLimited(await other('x-engagement-id', client.tenant.engagement_id.toUpperCase()));
  });

  it('is of an address where nobody says who they are', async () => {
    const client = service.newClient();
    const ask = (address: string) => client.get('/data-imports', from(address));
    await use(() => ask('192.0.2.1'));
    expectLimited(await ask('192.0.2.1'));
    expect((await ask('192.0.2.2')).status).toBe(200);
    // Behind two proxies that are trusted, and one that is not.
    expectLimited(await ask('192.0.2.1, 10.1.2.3'));
    expect((await ask('192.0.2.1, 192.0.2.3')).status).toBe(200);
  });

  it('takes a network of IPv6 that one customer has for one address', async () => {
    const client = service.newClient();
    const ask = (address: string) => client.get('/data-imports', from(address));
    await use(() => ask('2001:db8:0:1::1'));
    expectLimited(await ask('2001:db8:0:1::2'));
    expect((await ask('2001:db8:0:2::1')).status).toBe(200);
  });

  it('counts a request that is refused later, and not one without a tenant', async () => {
    const client = service.newClient();
    await use(() => client.get('/data-imports', { 'x-engagement-id': 'x' }), PER_MINUTE + 1);
    await use(() => client.get('/data-imports?bogus=1'));
    expectLimited(await client.get('/data-imports'));
  });

  it.each(['/health/live', '/health/ready'])('never holds for %s', async (path) => {
    const client = service.newClient();
    const answers = await use(() => client.get(path), PER_MINUTE + 2);
    expect(answers.map(({ status }) => status)).toEqual(Array(PER_MINUTE + 2).fill(200));
    expect(answers[0]!.headers.has('ratelimit-limit')).toBe(false);
  });

  it('is documented for every route of a tenant, and for no other', async () => {
    for (const { method, template, operation, isTenants } of await readApiRoutes(service.origin)) {
      const answer = operation.responses['429'];
      expect({ method, template, is: answer !== undefined }).toEqual({ method, template, is: isTenants });
    }
  });
});

describe('without a proxy that is trusted', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ RATE_LIMIT_PER_MINUTE: '1' });
  });
  afterAll(() => service.stop());

  it('X-Forwarded-For gives nobody another address', async () => {
    const client = service.newClient();
    expect((await client.get('/data-imports', { 'x-forwarded-for': '192.0.2.1' })).status).toBe(200);
    expectProblem(await client.get('/data-imports', { 'x-forwarded-for': '192.0.2.2' }), 429);
  });
});

describe('without a limit', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  it('nothing is counted', async () => {
    const { status, headers } = await service.newClient().get('/data-imports');
    expect([status, headers.has('ratelimit-limit')]).toEqual([200, false]);
  });
});
