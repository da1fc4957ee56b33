import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { JWTPayload } from 'jose';
import { SCOPES } from '../../src/auth/scope';
import { BackgroundWorker } from '../../src/background/background-worker.service';
import type { Tenant } from '../../src/tenancy/tenant';
import { type Answer, ApiClient, newTenant } from '../support/api-client';
import { readApiRoutes } from '../support/api-routes';
import { serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';
import { newKey, TokenIssuer } from '../support/token-issuer';

const ALL = SCOPES.join(' ');

describe('AUTH_MODE=jwt', () => {
  let issuer: TokenIssuer;
  let service: TestService;
  const a = newTenant();
  /** Another engagement of the same client. */
  const b: Tenant = { ...a, engagement_id: randomUUID() };
  const holdsA = { tenants: { [a.client_account_id]: [a.engagement_id] } };

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    service = await startTestService(issuer.env);
  });
  afterAll(async () => {
    await service.stop();
    await issuer.stop();
  });

  const as = (tenant: Tenant) => new ApiClient(service.origin, tenant);
  const ask = (tenant: Tenant, token: string | null, path = '/data-imports', method = 'GET', body?: string) =>
    as(tenant).send(method, path, body, {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    });
  const askWith = async (claims: JWTPayload, tenant = a, path?: string, method?: string, body?: string) =>
    ask(tenant, await issuer.token(claims), path, method, body);

  function expectRefused(answer: Answer, reason: string): void {
    expectProblem(answer, 401);
    expect(answer.body.detail).toBe(`The bearer token is refused: ${reason}.`);
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer error="invalid_token", error_description="${reason.replaceAll('"', "'")}"`,
    );
  }

  it('lets a token into the tenant that it holds', async () => {
    expect((await askWith({ ...holdsA, scope: ALL })).status).toBe(200);
    expect((await askWith({ tenants: { [a.client_account_id]: '*' }, scope: ALL }, b)).status).toBe(200);
    expect((await askWith({ admin: true, scope: [...SCOPES] }, newTenant())).status).toBe(200);
  });

  it('asks for a token where there is none, before anything else is said of the request', async () => {
    const routes = await readApiRoutes(service.origin);
    expect(routes.filter(({ isTenants }) => isTenants).length).toBeGreaterThan(20);
    for (const route of routes) {
      const { method, isTenants, template } = route;
      const answer = await fetch(`${service.origin}/api/v1${route.path({ id: 'x' })}?unknown=1`, {
        method,
        ...(method === 'GET' ? {} : { body: '{', headers: { 'content-type': 'application/json' } }),
      });
      const seen = {
        method,
        template,
        status: answer.status,
        challenge: answer.headers.get('www-authenticate'),
      };
      if (isTenants) expect(seen).toEqual({ method, template, status: 401, challenge: 'Bearer' });
      else expect(answer.status).not.toBe(401);
    }
    expect((await fetch(`${service.origin}/docs/json`)).status).toBe(200);
  });

  it('says 401 before 400, and 400 before 403', async () => {
    const send = (headers: Record<string, string>) =>
      fetch(`${service.origin}/api/v1/data-imports`, { headers });
    const authorization = `Bearer ${await issuer.token({ tenants: {}, scope: '' })}`;
    expect((await send({})).status).toBe(401);
    expect((await send({ authorization })).status).toBe(400);
    const headers = { 'x-client-account-id': a.client_account_id, 'x-engagement-id': a.engagement_id };
    expect((await send({ authorization, ...headers })).status).toBe(403);
  });

  it.each<[string, JWTPayload, string]>([
    ['has expired', { exp: Math.floor(Date.now() / 1000) - 60 }, 'it has expired'],
    ['is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 60 }, 'its claim "nbf" is not as it must be'],
    ['never expires', { exp: undefined }, 'its claim "exp" is not as it must be'],
    ['is of another issuer', { iss: 'https://other.example' }, 'its claim "iss" is not as it must be'],
    ['is for another audience', { aud: 'mail' }, 'its claim "aud" is not as it must be'],
    ['names nobody', { sub: undefined }, 'its claim "sub" is not as it must be'],
    ['has an empty subject', { sub: '' }, 'its claim "sub" is missing or cannot be read'],
    [
      'has tenants that are none',
      { tenants: { x: '*' } },
      'its claim "tenants" is missing or cannot be read',
    ],
    ['has a scope that is none', { scope: { read: true } }, 'its claim "scope" is missing or cannot be read'],
    ['is admin by a word', { admin: 'true' }, 'its claim "admin" is missing or cannot be read'],
  ])('refuses a token that %s', async (_, claims, reason) => {
    expectRefused(await askWith({ ...holdsA, scope: ALL, ...claims }), reason);
  });

  it('allows clocks to differ a little', async () => {
    const exp = Math.floor(Date.now() / 1000) - 10;
    expect((await askWith({ ...holdsA, scope: ALL, exp })).status).toBe(200);
  });

  it('refuses what was not signed with a key of the issuer', async () => {
    const good = await issuer.token({ ...holdsA, scope: ALL });
    const [head = '', body = '', signature = ''] = good.split('.');
    const json = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expectRefused(await ask(a, `${json({ alg: 'none' })}.${body}.`), 'its algorithm is not allowed');
    const secret = Buffer.from(JSON.stringify(issuer.key.public));
    const hs256 = `${json({ alg: 'HS256', kid: issuer.key.kid })}.${body}`;
    const mac = createHmac('sha256', secret).update(hs256).digest('base64url');
    expectRefused(await ask(a, `${hs256}.${mac}`), 'its algorithm is not allowed');
    const admin = json({ ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), admin: true });
    expectRefused(await ask(a, `${head}.${admin}.${signature}`), 'its signature is wrong');
    const key = await newKey('nobody-s');
    expectRefused(await ask(a, await issuer.token(holdsA, { key })), 'its key is not known');
    const forged = await issuer.token(holdsA, { key, kid: issuer.key.kid });
    expectRefused(await ask(a, forged), 'its signature is wrong');
    for (const odd of ['x', 'a.b', 'a.b.c', `${head}.${body}`, '.'.repeat(50)]) {
      expectRefused(await ask(a, odd), 'it cannot be read');
    }
    expectRefused(await ask(a, 'x'.repeat(9000)), 'it is longer than 8192 characters');
    expectRefused(await ask(a, `${good} ${good}`), 'it cannot be read');
  });

  it('takes the token from one Authorization header and from nowhere else', async () => {
    const token = await issuer.token({ ...holdsA, scope: ALL });
    const headers = { 'x-client-account-id': a.client_account_id, 'x-engagement-id': a.engagement_id };
    for (const send of [
      fetch(`${service.origin}/api/v1/data-imports?access_token=${token}`, { headers }),
      fetch(`${service.origin}/api/v1/data-imports`, { headers: { ...headers, cookie: `token=${token}` } }),
      fetch(`${service.origin}/api/v1/data-imports`, {
        headers: { ...headers, authorization: `Basic ${token}` },
      }),
    ]) {
      expect((await send).status).toBe(401);
    }
    const { port } = new URL(service.origin);
    const socket = connect(Number(port), '127.0.0.1');
    const [client, engagement] = [a.client_account_id, a.engagement_id];
    socket.end(
      `GET /api/v1/data-imports HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Client-Account-Id: ${client}\r\n` +
        `X-Engagement-Id: ${engagement}\r\nAuthorization: Bearer ${token}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1.1 401 [^]*more than one Authorization header/);
  });

  it('refuses each route to a token without its scope, and tells which it is', async () => {
    const needed: Record<string, number> = {};
    for (const route of await readApiRoutes(service.origin)) {
      const { method, isTenants, template } = route;
      if (!isTenants) continue;
      const answer = await askWith({ ...holdsA, scope: 'openid profile' }, a, route.path(), method);
      expectProblem(answer, 403);
      const challenge = answer.headers.get('www-authenticate') ?? '';
      const scope = /^Bearer error="insufficient_scope", scope="(.+)"$/.exec(challenge)?.[1] ?? '';
      expect(SCOPES).toContain(scope);
      expect(answer.body.detail).toBe(`The token lacks the scope ${scope}.`);
      if (template.includes('/health/')) expect(scope).toMatch(/^wiring:/);
      else expect(scope).toBe(method === 'GET' ? 'inventory:read' : 'inventory:write');
      needed[scope] = (needed[scope] ?? 0) + 1;
      const others = SCOPES.filter((other) => other !== scope).join(' ');
      expect((await askWith({ ...holdsA, scope: others }, a, route.path(), method)).status).toBe(403);
      expect((await askWith({ ...holdsA, scope }, a, route.path(), method)).status).not.toBe(403);
    }
    expect(Object.keys(needed)).toEqual(
      expect.arrayContaining(['inventory:read', 'inventory:write', 'wiring:read']),
    );
  });

  it('gives a token of one engagement nothing of another, not even whether it exists', async () => {
    const writer = { tenants: { [a.client_account_id]: '*' }, scope: ALL };
    const upload = await as(b).send('POST', '/data-imports?filename=b.csv', 'Hostname\nweb-b\n', {
      authorization: `Bearer ${await issuer.token(writer)}`,
      'content-type': 'text/csv',
    });
    const flow = await askWith(
      writer,
      b,
      '/discovery-flows',
      'POST',
      JSON.stringify({ flow_name: 'b', data_import_id: upload.body.id }),
    );
    expect(flow.status).toBe(201);
    const ids = { id: upload.body.id as string, flow_id: flow.body.flow_id as string };
    for (const route of await readApiRoutes(service.origin)) {
      const { method, isTenants, template } = route;
      if (!isTenants) continue;
      const refused = await askWith({ ...holdsA, scope: ALL }, b, route.path(ids), method);
      const nobodys = await askWith({ ...holdsA, scope: ALL }, newTenant(), route.path(), method);
      expect({ template, status: refused.status, detail: refused.body.detail }).toEqual({
        template,
        status: 403,
        detail: 'The token does not hold this tenant.',
      });
      // The same words as for a tenant that never was.
      expect(nobodys.body.detail).toBe(refused.body.detail);
      // Under its own headers the ids of the other are not there.
      if (!route.path(ids).includes(ids.id) && !route.path(ids).includes(ids.flow_id)) continue;
      const inside = await askWith(
        { ...holdsA, scope: ALL },
        a,
        route.path(ids),
        method,
        method === 'GET' ? undefined : '{}',
      );
      expect([400, 404]).toContain(inside.status);
      expect(inside.text).not.toContain('web-b');
    }
    const list = await askWith({ ...holdsA, scope: ALL }, a, '/data-imports');
    expect(list.body.pagination.total).toBe(0);
  });

  it('keeps its own record of who changed what', async () => {
    const answer = await askWith(
      { ...holdsA, scope: ALL, sub: 'grace' },
      a,
      '/discovery-flows',
      'POST',
      JSON.stringify({ flow_name: 'audited' }),
    );
    const events = await askWith(
      { ...holdsA, scope: ALL },
      a,
      `/audit-events?target_id=${String(answer.body.flow_id)}`,
    );
    expect(events.body.data).toEqual([expect.objectContaining({ subject: 'grace', action: 'flow.created' })]);
  });

  it('ends a stream of events when the token that opened it expires', async () => {
    const writer = await issuer.token({ ...holdsA, scope: ALL });
    const headers = { authorization: `Bearer ${writer}`, 'content-type': 'text/csv' };
    const csv = serversCsv(1);
    const { body: uploaded } = await as(a).send('POST', '/data-imports?filename=a.csv', csv, headers);
    const json = (body: object) => JSON.stringify(body);
    const post = (path: string, body: object) => ask(a, writer, path, 'POST', json(body));
    const flow = await post('/discovery-flows', { flow_name: 'watched', data_import_id: uploaded.id });
    // The run never begins, so that nothing but the token can end the stream.
    await service.app.get(BackgroundWorker).beforeApplicationShutdown();
    const runs = `/discovery-flows/${String(flow.body.flow_id)}/runs`;
    const { body: run } = await post(runs, {});
    const soon = Math.floor(Date.now() / 1000) + 2;
    const watched = await askWith(
      { ...holdsA, scope: ALL, exp: soon },
      a,
      `${runs}/${String(run.id)}/events`,
    );
    expect(watched.text).toContain('event: progress');
    expect(watched.text).not.toContain('event: end');
    expect(Date.now()).toBeGreaterThanOrEqual(soon * 1000);
  });

  it('says 503, and not 401, while the keys cannot be fetched, and then goes on', async () => {
    const broken = await TokenIssuer.start();
    broken.status = 500;
    const other = await startTestService(broken.env);
    try {
      const client = new ApiClient(other.origin, a);
      const get = async () =>
        client.get('/data-imports', {
          authorization: `Bearer ${await broken.token({ ...holdsA, scope: ALL })}`,
        });
      const refused = await get();
      expectProblem(refused, 503);
      expect(refused.headers.get('retry-after')).toBeTruthy();
      broken.status = 200;
      expect((await get()).status).toBe(200);
    } finally {
      await other.stop();
      await broken.stop();
    }
  });

  it('turns an address away that keeps bringing bad tokens', async () => {
    const other = await startTestService({ ...issuer.env, RATE_LIMIT_PER_MINUTE: '3' });
    try {
      const client = new ApiClient(other.origin, a);
      const statuses: number[] = [];
      for (let i = 0; i < 5; i++) {
        statuses.push((await client.get('/data-imports', { authorization: 'Bearer x' })).status);
      }
      expect(statuses).toEqual([401, 401, 401, 429, 429]);
    } finally {
      await other.stop();
    }
  });
});
