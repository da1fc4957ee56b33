import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';

const ORIGIN = 'https://app.example.com';
const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type,idempotency-key',
};

/** An answer that nobody reads to its end is one that the service waits for when it closes. */
async function readWhole(url: string | URL): Promise<Response> {
  const answer = await fetch(url);
  await answer.arrayBuffer();
  return answer;
}

describe('a browser', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({
      CORS_ORIGINS: `${ORIGIN},http://localhost:5173`,
      RATE_LIMIT_PER_MINUTE: '2',
    });
  });
  afterAll(() => service.stop());

  const preflight = (origin: string, path = '/api/v1/discovery-flows') =>
    fetch(service.origin + path, { method: 'OPTIONS', headers: { origin, ...PREFLIGHT } });
  const list = (header: string | null) => header!.split(', ');

  it.each([ORIGIN, 'http://localhost:5173'])('may ask from %s, which is allowed', async (origin) => {
    const { status, headers } = await preflight(origin);
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, origin]);
    expect(list(headers.get('access-control-allow-methods'))).toEqual(['GET', 'HEAD', 'POST', 'PUT']);
    expect(list(headers.get('access-control-allow-headers'))).toEqual(
      expect.arrayContaining([
        'Authorization',
        'Content-Type',
        'X-Client-Account-Id',
        'X-Engagement-Id',
        'X-Request-Id',
        'Idempotency-Key',
      ]),
    );
    expect(headers.has('access-control-allow-credentials')).toBe(false);
    expect(headers.get('vary')).toContain('Origin');
  });

  it.each([
    'https://evil.example',
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'https://app.example.com:8443',
    'null',
  ])('is told nothing from %s', async (origin) => {
    expect((await preflight(origin)).headers.has('access-control-allow-origin')).toBe(false);
    const answer = await service.newClient().get('/data-imports', { origin });
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('may read an answer, what its headers say, and that it asks too often', async () => {
    const client = service.newClient();
    const ask = () => client.get('/data-imports', { origin: ORIGIN });
    const { headers } = await ask();
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(list(headers.get('access-control-expose-headers'))).toEqual(
      expect.arrayContaining(['X-Request-Id', 'Location', 'Retry-After', 'Idempotency-Replayed']),
    );
    await ask();
    const limited = await ask();
    expectProblem(limited, 429);
    expect(limited.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    const unknown = await client.get('/nope', { origin: ORIGIN });
    expectProblem(unknown, 404);
    expect(unknown.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });

  it('is told not to guess types, to frame nothing and to load nothing foreign, by every answer', async () => {
    for (const path of [
      '/api/v1/health/live',
      '/api/v1/nope',
      '/api/v1/data-imports',
      '/docs',
      '/docs/json',
    ]) {
      const { headers } = await readWhole(service.origin + path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('content-security-policy')).toMatch(/default-src 'self';.*object-src 'none'/);
      expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
      expect(headers.has('x-powered-by')).toBe(false);
    }
  });

  it('may run every script and style of the page at /docs', async () => {
    const page = await fetch(`${service.origin}/docs`);
    const policy = new Map(
      page.headers
        .get('content-security-policy')!
        .split(';')
        .map((directive) => directive.trim().split(' '))
        .map(([name, ...sources]) => [name, sources]),
    );
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('style-src')).toEqual(expect.arrayContaining(["'self'", "'unsafe-inline'"]));
    expect(policy.get('img-src')).toEqual(["'self'", 'data:']);
    const html = await page.text();
    const scripts = [...html.matchAll(/<script\b([^>]*)>([^<]*)/g)];
    expect(scripts.length).toBeGreaterThan(2);
    const files = scripts.map(([, attributes, inline]) => {
      expect(inline!.trim()).toBe('');
      return /src="([^"]+)"/.exec(attributes!)![1]!;
    });
    const styles = [...html.matchAll(/<link rel="stylesheet"[^>]*href="([^"]+)"/g)].map(([, file]) => file!);
    for (const file of [...files, ...styles]) {
      const url = new URL(file, `${service.origin}/docs`);
      expect(url.origin).toBe(service.origin);
      expect((await readWhole(url)).status).toBe(200);
    }
    expect(html).not.toMatch(/\son\w+=/);
  });
});

describe('without an origin that is allowed', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  it('a preflight is an unknown route, and no answer is for other pages', async () => {
    const answer = await service
      .newClient()
      .send('OPTIONS', '/discovery-flows', undefined, { origin: ORIGIN, ...PREFLIGHT });
    expectProblem(answer, 404);
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
  });
});
