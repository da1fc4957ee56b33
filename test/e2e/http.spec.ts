import { randomUUID } from 'node:crypto';
import type { Answer, ApiClient } from '../support/api-client';
import { type ApiRoute, readApiRoutes } from '../support/api-routes';
import { importAndFlow, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { sendRaw } from '../support/raw-http';
import { startTestService, type TestService } from '../support/test-service';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('HTTP', () => {
  let service: TestService;
  let client: ApiClient;
  let routes: ApiRoute[];
  beforeAll(async () => {
    service = await startTestService();
    client = service.newClient();
    routes = await readApiRoutes(service.origin);
  });
  afterAll(() => service.stop());

  const send = (route: ApiRoute, { query = '', body = '{}', headers = {} } = {}): Promise<Answer> => {
    const [type, content] = route.takesFile ? ['text/csv', 'Hostname\na\n'] : ['application/json', body];
    const hasBody = route.takesFile || route.takesJson;
    const path = route.path() + (route.takesFile ? `?filename=a.csv&${query}` : `?${query}`);
    return client.send(route.method, path, hasBody ? content : undefined, {
      ...(hasBody && { 'content-type': type }),
      ...headers,
    });
  };
  const post = (path: string, body: string, headers: Record<string, string> = JSON_TYPE) =>
    client.send('POST', path, body, headers);

  describe('the document at /docs/json', () => {
    it('has every route of the contract', () => {
      expect(
        routes.map(({ method, template }) => `${method} ${template.replace('/api/v1', '')}`).sort(),
      ).toEqual(
        expect.arrayContaining([
          'GET /data-imports',
          'GET /data-imports/{id}',
          'GET /data-imports/{id}/rejects',
          'GET /discovery-flows',
          'GET /discovery-flows/{flow_id}',
          'GET /discovery-flows/{flow_id}/runs',
          'GET /discovery-flows/{flow_id}/runs/{run_id}',
          'GET /discovery-flows/{flow_id}/runs/{run_id}/events',
          'GET /health/live',
          'GET /health/ready',
          'GET /health/wiring',
          'GET /health/wiring/history',
          'GET /raw-import-records',
          'GET /raw-import-records/{id}',
          'GET /unified-discovery/assets',
          'GET /unified-discovery/assets/{id}',
          'GET /unified-discovery/assets/{id}/lineage',
          'POST /data-imports',
          'POST /discovery-flows',
          'POST /discovery-flows/{flow_id}/assets',
          'POST /discovery-flows/{flow_id}/runs',
          'PUT /discovery-flows/{flow_id}/field-mappings',
        ]),
      );
    });

    it('says of each route what it does, what it answers and how it fails', () => {
      for (const { method, template, operation, isTenants, takesJson } of routes) {
        const where = `${method} ${template}`;
        expect({ where, summary: operation.summary }).toEqual({
          where,
          summary: expect.stringMatching(/\w/),
        });
        const successes = Object.entries(operation.responses).filter(([status]) => /^20[^4]/.test(status));
        expect({ where, successes: successes.length }).not.toEqual({ where, successes: 0 });
        for (const [, { content }] of successes)
          expect({ where, content }).toMatchObject({ where, content: expect.anything() });
        const errors = [
          '400',
          ...(isTenants ? ['500', '503'] : []),
          ...(template.includes('{') ? ['404'] : []),
          ...(takesJson ? ['415'] : []),
        ];
        expect({ where, statuses: Object.keys(operation.responses) }).toEqual({
          where,
          statuses: expect.arrayContaining(errors),
        });
        const problem = operation.responses['400']?.content?.['application/problem+json']?.schema?.$ref;
        expect({ where, problem }).toEqual({ where, problem: expect.stringContaining('Problem') });
        if (takesJson) expect(operation.requestBody?.content['application/json']?.schema.$ref).toBeDefined();
      }
    });

    it('says how an inventory may be sent, and shows each kind of text', () => {
      const upload = routes.find(({ takesFile }) => takesFile);
      const content = upload?.operation.requestBody?.content ?? {};
      expect(content['multipart/form-data']?.schema).toMatchObject({ required: ['file'] });
      expect(Object.keys(content)).toEqual(
        expect.arrayContaining([
          'text/csv',
          'text/tab-separated-values',
          'application/json',
          'application/x-ndjson',
          'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          'application/gzip',
        ]),
      );
      for (const [type, { schema, example }] of Object.entries(content)) {
        if (/csv|tab|json/.test(type))
          expect({ type, example }).toEqual({ type, example: expect.anything() });
        else if (!type.startsWith('multipart')) expect(schema).toMatchObject({ format: 'binary' });
      }
    });

    it('is where / leads to', async () => {
      const answer = await fetch(`${service.origin}/`, { redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
      expect((await fetch(`${service.origin}/docs`)).headers.get('content-type')).toMatch(/html/);
    });
  });

  describe('on every route', () => {
    it('a query parameter that is not known is refused by name', async () => {
      for (const route of routes) {
        for (const name of ['bogus', '__proto__', 'constructor']) {
          expectProblem(await send(route, { query: `${name}=1` }), 400, [name]);
        }
      }
    });

    it('a body property that is not known is refused by name', async () => {
      const withBody = routes.filter(({ takesJson }) => takesJson);
      expect(withBody.length).toBeGreaterThan(3);
      for (const route of withBody) {
        for (const name of ['bogus', 'toString', 'prototype', 'hasOwnProperty']) {
          const { status, body } = await send(route, { body: JSON.stringify({ [name]: 1 }) });
          expect(status).toBe(400);
          expect(body.errors).toContainEqual({ field: name, message: expect.any(String) });
        }
      }
    });

    it('an id that is no UUID is refused by the name of its parameter, whatever its length', async () => {
      for (const route of routes.filter(({ template }) => template.includes('{'))) {
        const name = /\{(\w+)\}/.exec(route.template)![1]!;
        for (const id of [
          '17',
          'x'.repeat(2000),
          '%00',
          "' OR 1=1 --",
          '11111111-1111-4111-8111-11111111111g',
        ]) {
          const path = route.path({ [name]: encodeURIComponent(id) });
          expectProblem(
            await client.send(
              route.method,
              path,
              route.takesJson ? '{}' : undefined,
              route.takesJson ? JSON_TYPE : {},
            ),
            400,
          );
        }
      }
    });

    it('tenant headers that are missing, malformed or doubled are refused by name, both at once', async () => {
      const both = ['X-Client-Account-Id', 'X-Engagement-Id'];
      const { client_account_id, engagement_id } = client.tenant;
      for (const route of routes.filter(({ isTenants }) => isTenants)) {
        const asked = (headers: Record<string, string>) => send(route, { headers });
        expectProblem(await asked({ 'x-client-account-id': '', 'x-engagement-id': 'x' }), 400, both);
        expectProblem(
          await asked({ 'x-client-account-id': `${client_account_id}, ${client_account_id}` }),
          400,
          both.slice(0, 1),
        );
        expectProblem(await asked({ 'x-engagement-id': `{${engagement_id}}` }), 400, both.slice(1));
      }
      const bare = await fetch(`${service.origin}/api/v1/data-imports`);
      expect(
        ((await bare.json()) as { errors: { field: string }[] }).errors.map(({ field }) => field),
      ).toEqual(both);
      const doubled = await sendRaw(
        service.origin,
        `GET /api/v1/data-imports HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Engagement-Id: ${engagement_id}\r\n` +
          `X-Client-Account-Id: ${client_account_id}\r\nX-Client-Account-Id: ${randomUUID()}\r\n\r\n`,
      );
      expect(doubled).toMatch(/^HTTP\/1\.1 400 .*"X-Client-Account-Id"/s);
    });

    it('an id of nobody is 404', async () => {
      for (const route of routes.filter(({ template }) => template.includes('{'))) {
        const bodies: Record<string, object> = {
          'field-mappings': { field_mappings: {} },
          assets: { discovered_assets: [{ name: 'a', asset_type: 'server' }] },
        };
        const body = JSON.stringify(bodies[route.template.split('/').at(-1)!] ?? {});
        expectProblem(await send(route, { body }), 404);
      }
    });
  });

  it.each([
    ['GET', '/nope?a=1'],
    ['POST', '/nope'],
    ['DELETE', '/data-imports'],
    ['PUT', '/discovery-flows'],
    ['OPTIONS', '/data-imports'],
    ['GET', '/unified-discovery'],
  ])('%s %s is an unknown route', async (method, path) => {
    expectProblem(await client.send(method, path), 404);
  });

  it.each([
    ['not JSON', '{"flow_name":', ['body']],
    ['no text at all', '', ['body']],
    ['a list', '[{"flow_name":"x"}]', ['body']],
    ['a text', '"x"', ['body']],
    ['a number', '5', ['body']],
    ['a name of the prototype', '{"flow_name":"x","__proto__":{"admin":true}}', ['__proto__']],
    [
      'the same, deeper',
      '{"flow_name":"x","field_mappings":{"__proto__":"name"}}',
      ['field_mappings.__proto__'],
    ],
    ['the constructor', '{"flow_name":"x","constructor":{"prototype":{}}}', ['constructor']],
    ['half a surrogate pair as a header', '{"flow_name":"x","field_mappings":{"\\ud800":"name"}}', undefined],
    ['lists 100,000 deep', `{"flow_name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, undefined],
    ['objects 100,000 deep', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, undefined],
  ])('a body of %s is 400', async (_what, body, fields) => {
    expectProblem(await post('/discovery-flows', body), 400, fields);
  });

  it.each([
    ['text/plain', '{"flow_name":"x"}'],
    ['application/xml', '<a/>'],
    ['application/x-www-form-urlencoded', 'flow_name=x'],
    ['application/octet-stream', 'x'],
    [
      'multipart/form-data; boundary=XX',
      '--XX\r\nContent-Disposition: form-data; name="flow_name"\r\n\r\nx\r\n--XX--\r\n',
    ],
  ])('a body of the type %s is 415 wherever JSON is taken, and does nothing', async (type, body) => {
    const { flowId } = await importAndFlow(client, serversCsv(2));
    for (const path of [
      '/discovery-flows',
      `/discovery-flows/${flowId}/runs`,
      `/discovery-flows/${flowId}/assets`,
    ]) {
      expectProblem(await post(path, body, { 'content-type': type }), 415);
    }
    expect((await client.get(`/discovery-flows/${flowId}`)).body.status).toBe('active');
  });

  it('a JSON body over the limit is 413, which a client reads that is still sending', async () => {
    const answer = await post('/discovery-flows', `{"flow_name":"${'x'.repeat(17 * 1024 * 1024)}"}`);
    expectProblem(answer, 413);
    expect(answer.headers.get('connection')).toBe('keep-alive');
  });

  it.each(['/data-imports/%zz', '/data-imports/%', '/%c0%af', '/data-imports/%ff'])(
    'a path that cannot be decoded, %s, is 400 and has its request id',
    async (path) => {
      const answer = await client.get(path, { 'x-request-id': 'mine' });
      expectProblem(answer, 400);
      expect(answer.body.request_id).toBe('mine');
    },
  );

  it.each([
    [
      'headers of 40 KB',
      `GET /api/v1/health/live HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(40_000)}\r\n\r\n`,
      431,
    ],
    ['no HTTP at all', 'GARBAGE\r\n\r\n', 400],
    [
      'a length that is no number',
      'POST /api/v1/discovery-flows HTTP/1.1\r\nHost: x\r\nContent-Length: z\r\n\r\n',
      400,
    ],
  ])('%s is a problem too', async (_what, bytes, status) => {
    const [head, body] = (await sendRaw(service.origin, bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/Content-Type: application\/problem\+json/);
    const problem = JSON.parse(body!) as { status: number; request_id: string };
    expect(problem.status).toBe(status);
    expect(head).toContain(`X-Request-Id: ${problem.request_id}`);
  });

  it('an expectation that cannot be met is a problem too', async () => {
    const answer = await sendRaw(
      service.origin,
      'GET /api/v1/health/live?a=1 HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n',
    );
    expect(answer).toMatch(
      /^HTTP\/1.1 417 .*application\/problem\+json.*"instance":"\/api\/v1\/health\/live"/s,
    );
  });

  it('a request without a Host is refused by its name', async () => {
    const answer = await sendRaw(
      service.origin,
      'GET /api/v1/health/live HTTP/1.1\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 .*application\/problem\+json.*"field":"Host"/s);
  });

  it('HEAD has no body even where it cannot be read', async () => {
    const answer = await sendRaw(service.origin, `HEAD / HTTP/1.1\r\nX-Big: ${'a'.repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
    expect(answer).toMatch(/\r\n\r\n$/);
  });

  describe('X-Request-Id', () => {
    const idOf = async (given?: string, path = '/health/live') =>
      (await client.get(path, given === undefined ? {} : { 'x-request-id': given })).headers.get(
        'x-request-id',
      );

    it.each(['a', 'abc-123_x.y:z', '01935c9e-7b1a-7c3e-9d44-0a6f5f1c2b3d'])('is taken: %s', async (given) => {
      expect(await idOf(given)).toBe(given);
      expect(await idOf(given, '/data-imports/17')).toBe(given);
      expect(await idOf(given, '/nope')).toBe(given);
    });

    it.each([undefined, '', 'a b', 'a"b', 'x'.repeat(500), 'a,b', '${jndi}'])(
      'is made where it is %j',
      async (given) => {
        const ids = [await idOf(given), await idOf(given)];
        expect(new Set([...ids, given]).size).toBe(3);
        for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
      },
    );
  });

  it('answers a GET to its end, though it came with a body that nobody reads', async () => {
    const owner = service.newClient();
    await importAndFlow(owner, serversCsv(200));
    const { client_account_id, engagement_id } = owner.tenant;
    const body = 'x'.repeat(4_000_000);
    for (let i = 0; i < 5; i++) {
      const answer = await sendRaw(
        service.origin,
        `GET /api/v1/raw-import-records?page_size=200 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n` +
          `X-Client-Account-Id: ${client_account_id}\r\nX-Engagement-Id: ${engagement_id}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      const [head = '', json = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1.1 200 /);
      expect((JSON.parse(json) as { data: unknown[] }).data).toHaveLength(200);
    }
  });

  it('health/live and health/ready need no tenant and answer their documents', async () => {
    const answers = await Promise.all(
      ['live', 'ready'].map((name) => fetch(`${service.origin}/api/v1/health/${name}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    expect(bodies).toMatchObject([
      { status: 'live' },
      { status: 'ready', database: 'up', migrations: 'current' },
    ]);
  });

  it('is not ready while a migration is missing, and tells nothing of what fails inside', async () => {
    await service.sql.query('ALTER TABLE migration.typeorm_migrations RENAME TO gone');
    const ready = await client.get('/health/ready');
    await service.sql.query('ALTER TABLE migration.gone RENAME TO typeorm_migrations');
    expect([ready.status, ready.body]).toMatchObject([503, { status: 'not_ready', migrations: 'pending' }]);
    await service.sql.query('ALTER TABLE migration.discovery_flows RENAME TO gone');
    const broken = await client.get('/discovery-flows');
    await service.sql.query('ALTER TABLE migration.gone RENAME TO discovery_flows');
    expectProblem(broken, 500);
    expect(broken.text).not.toMatch(/discovery_flows|relation|42P01/);
  });
});
