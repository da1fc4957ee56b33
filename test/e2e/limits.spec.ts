import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { DataSource } from 'typeorm';
import { HTTP_TIMEOUTS } from '../../src/http/http-timeouts';
import type { ApiClient } from '../support/api-client';
import { readApiRoutes } from '../support/api-routes';
import { expectProblem } from '../support/problem';
import { sendRaw } from '../support/raw-http';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

describe('limits', () => {
  let service: TestService;
  let client: ApiClient;
  let flowId: string;
  beforeAll(async () => {
    service = await startTestService();
    client = service.newClient();
    flowId = (await client.post('/discovery-flows', { flow_name: 'f' })).body.flow_id as string;
  });
  afterAll(() => service.stop());

  const post = (body: string) =>
    client.send('POST', `/discovery-flows/${flowId}/assets`, body, { 'content-type': 'application/json' });
  const persist = (...discovered_assets: object[]) => post(JSON.stringify({ discovered_assets }));
  const asset = (more: object = {}) => ({ name: 'a', asset_type: 'server', ...more });
  const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, 1]));

  describe('of a body', () => {
    it('values, before they are built', async () => {
      const answer = await post(`{"discovered_assets":[${'{},'.repeat(1_000_000)}{}]}`);
      expectProblem(answer, 400, ['body']);
      expect(answer.body.detail).toContain('1000000 values');
    });

    it('items of a list', async () => {
      const answer = await post(`{"discovered_assets":[${'{},'.repeat(10_000)}{}]}`);
      expectProblem(answer, 400, ['discovered_assets']);
      expect(answer.body.errors).toHaveLength(1);
    });

    it('properties', async () => {
      expectProblem(await post(JSON.stringify(names(51))), 400, ['body']);
      expectProblem(await persist(asset(), asset(names(51))), 400, ['discovered_assets[1]']);
    });

    it('the length of a name', async () => {
      const custom_attributes = { ['n'.repeat(10_001)]: 1 };
      expectProblem(await persist(asset({ custom_attributes })), 400, [
        `discovered_assets[0].custom_attributes.${'n'.repeat(100)}`,
      ]);
    });

    it.each([
      ['name', { name: 'x'.repeat(10_001) }],
      ['asset_type', { asset_type: 'x'.repeat(256) }],
      ['description', { description: 'x'.repeat(10_001) }],
      ['hostname', { hostname: 'x'.repeat(10_001) }],
      ['custom_attributes', { custom_attributes: names(4097) }],
      ['custom_attributes', { custom_attributes: { a: 'x'.repeat(1024 * 1024) } }],
    ])('the length of %s', async (field, more) => {
      expectProblem(await persist(asset(more)), 400, [`discovered_assets[0].${field}`]);
    });

    it('and 10,000 assets with all their fields and many attributes are within them', async () => {
      const full = {
        ...Object.fromEntries(
          ['hostname', 'fqdn', 'ip_address', 'operating_system', 'location', 'business_owner'].map((name) => [
            name,
            name,
          ]),
        ),
        cpu_cores: 4,
        memory_gb: 8,
        custom_attributes: names(70),
      };
      const assets = Array.from({ length: 10_000 }, (_, i) =>
        asset({ ...full, name: `s${i}`, status: 'no word' }),
      );
      const answer = await persist(...assets);
      // Refused for a word that is none, so that nothing has to be written: it has come through all limits.
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toHaveLength(100);
      expect(answer.body.detail).toMatch(/^discovered_assets\[0\]\.status: .*; and 9900 more$/);
    });

    it('mappings, their headers and names of flows', async () => {
      const put = (field_mappings: object) =>
        client.put(`/discovery-flows/${flowId}/field-mappings`, { field_mappings });
      expectProblem(await put(names(5001)), 400, ['field_mappings']);
      expectProblem(await put({ ['h'.repeat(10_001)]: 'name' }), 400, [`field_mappings.${'h'.repeat(100)}`]);
      expectProblem(await client.post('/discovery-flows', { flow_name: 'f'.repeat(256) }), 400, [
        'flow_name',
      ]);
    });
  });

  describe('of a head', () => {
    const live = '/health/live';

    it('headers, by number and by size, the URL among them', async () => {
      const many = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, '1']));
      expect((await client.get(live, many(80))).status).toBe(200);
      expectProblem(await client.get(live, many(100)), 431);
      const long = await sendRaw(
        service.origin,
        `GET /api/v1/${'x'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      );
      expect(long).toMatch(/^HTTP\/1\.1 431 .*"status":431/s);
    });

    it('parameters', async () => {
      const query = (count: number) => Array.from({ length: count }, (_, i) => `p${i}=1`).join('&');
      expectProblem(await client.get(`/data-imports?${query(51)}`), 400, ['query']);
      expect((await client.get(`/data-imports?${query(50)}`)).body.errors).toHaveLength(50);
    });
  });

  it('of a page hold for every list', async () => {
    const routes = await readApiRoutes(service.origin);
    const lists = routes.filter(({ operation }) =>
      (operation.parameters ?? []).some(({ name }) => name === 'page_size'),
    );
    expect(lists.length).toBeGreaterThan(7);
    for (const route of lists) {
      const path = route.path({ flow_id: flowId });
      for (const [query, field] of [
        ['page=99999999999', 'page'],
        ['page=99999999999999999999', 'page'],
        ['page=10000001', 'page'],
        ['page=0', 'page'],
        ['page=1e3', 'page'],
        ['page_size=201', 'page_size'],
        ['page_size=0', 'page_size'],
        ['page_size=-1', 'page_size'],
      ]) {
        expectProblem(await client.get(`${path}?${query}`), 400, [field!]);
      }
    }
    // A list is named in the plural; a new one without pages is found here.
    const plural = routes.filter(
      ({ method, template }) => method === 'GET' && /(?<!\/event)s$/.test(template),
    );
    expect(plural.filter((route) => !lists.includes(route))).toEqual([]);
    const last = await client.get(`/discovery-flows/${flowId}/runs?page=10000000&page_size=200`);
    expect([last.status, last.body.data]).toEqual([200, []]);
  });

  describe('of a form', () => {
    const form = (head: string, content = 'Hostname\na\n') =>
      client.send('POST', '/data-imports', `--XX\r\n${head}\r\n\r\n${content}\r\n--XX--\r\n`, {
        'content-type': 'multipart/form-data; boundary=XX',
      });

    it('a name of a part, headers of a part, parts', async () => {
      const name = 'n'.repeat(200_000);
      expect((await form(`Content-Disposition: form-data; name="${name}"; filename="a.csv"`)).status).toBe(
        400,
      );
      const headers = Array.from({ length: 30 }, (_, i) => `X-${i}: 1`).join('\r\n');
      expect(
        (await form(`${headers}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"`)).status,
      ).toBe(400);
      const part =
        '--XX\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nHostname\na\n\r\n';
      const parts = await client.send('POST', '/data-imports', `${part.repeat(100)}--XX--\r\n`, {
        'content-type': 'multipart/form-data; boundary=XX',
      });
      expectProblem(parts, 400, ['file']);
      expect((await client.get('/data-imports')).body.data).toEqual([]);
    });
  });

  it('of uploads at a time hold, and the next one may come when one ends', async () => {
    const { hostname, port } = new URL(service.origin);
    const { client_account_id, engagement_id } = client.tenant;
    const open = Array.from({ length: 40 }, () => {
      const upload = { socket: connect(Number(port), hostname), answer: '' };
      upload.socket.on('error', () => undefined).on('data', (chunk) => (upload.answer += chunk.toString()));
      upload.socket.write(
        `POST /api/v1/data-imports?filename=open.csv HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n` +
          `Content-Length: 9000\r\nX-Client-Account-Id: ${client_account_id}\r\nX-Engagement-Id: ${engagement_id}\r\n\r\n`,
      );
      return upload;
    });
    try {
      await waitFor('those beyond it', () => open.filter(({ answer }) => answer !== '').length === 8);
      for (const { answer } of open.filter(({ answer }) => answer !== '')) {
        expect(answer).toMatch(/^HTTP\/1\.1 503 /);
      }
      const upload = () => client.upload('next.csv', 'Hostname\nweb-01\n');
      const refused = await upload();
      expectProblem(refused, 503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      open.find(({ answer }) => answer === '')!.socket.destroy();
      await waitFor('a place', async () => (await upload()).status === 201);
    } finally {
      for (const { socket } of open) socket.destroy();
    }
  });

  it('of a statement and of a wait for a lock are those of every connection', async () => {
    const ask = async (name: string) =>
      (await service.app.get(DataSource).query<Record<string, string>[]>(`SHOW ${name}`))[0]![name];
    expect([
      await ask('statement_timeout'),
      await ask('lock_timeout'),
      await ask('idle_in_transaction_session_timeout'),
    ]).toEqual(['30s', '15s', '1min']);
  });
});

describe('a client that stands still', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService({}, undefined, {
      ...HTTP_TIMEOUTS,
      headers_ms: 300,
      check_ms: 50,
      stall_ms: 1000,
    });
    client = service.newClient();
  });
  afterAll(() => service.stop());

  let sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
  });
  async function open(): Promise<{ socket: Socket; answer: () => string; closed: Promise<unknown> }> {
    const { hostname, port } = new URL(service.origin);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    let answer = '';
    socket.on('error', () => undefined).on('data', (chunk) => (answer += chunk.toString()));
    const closed = once(socket, 'close');
    await once(socket, 'connect');
    return { socket, answer: () => answer, closed };
  }
  const head = (path: string, type: string, length: number) =>
    `POST /api/v1${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n` +
    `X-Client-Account-Id: ${client.tenant.client_account_id}\r\nX-Engagement-Id: ${client.tenant.engagement_id}\r\n\r\n`;
  const FORM = 'multipart/form-data; boundary=XX';
  const PART = '--XX\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';

  it.each([
    ['half its headers', 'GET /api/v1/health/live HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['the first letter of its method', 'G'],
  ])('after %s is cut off with 408', async (_what, sent) => {
    const { socket, answer, closed } = await open();
    socket.write(sent);
    await closed;
    expect(answer()).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json.*"status":408/s);
  });

  it('before its first byte is cut off', async () => {
    await (
      await open()
    ).closed;
  });

  it.each([
    ['a raw upload', '/data-imports?filename=a.csv', 'text/csv', 'Hostname\nweb-01\nweb'],
    ['a form', '/data-imports', FORM, `${PART}Hostname\nweb-01\nweb`],
    ['the head of a part', '/data-imports', FORM, PART.slice(0, 30)],
    ['a JSON body', '/discovery-flows', 'application/json', '{"flow_name":'],
    ['nothing of a body', '/data-imports?filename=a.csv', 'text/csv', ''],
  ])('in the middle of %s is cut off with 408, and nothing is kept', async (_what, path, type, sent) => {
    const { socket, answer, closed } = await open();
    socket.write(head(path, type, 10_000) + sent);
    await closed;
    expect(answer()).toMatch(/^HTTP\/1\.1 408 .*"status":408/s);
    for (const list of ['/data-imports', '/raw-import-records', '/discovery-flows']) {
      expect((await client.get(list)).body.data).toEqual([]);
    }
  });

  it('may be slow: an upload that goes on is taken, however long it takes', async () => {
    const { socket, answer } = await open();
    const rows = 'Hostname\n' + Array.from({ length: 12 }, (_, i) => `web-${i}\n`).join('');
    socket.write(head('/data-imports?filename=slow.csv', 'text/csv', rows.length));
    let sent = 0;
    // Each piece well within the limit, all of them well beyond it.
    const sending = setInterval(() => {
      socket.write(rows.slice(sent, (sent += Math.ceil(rows.length / 10))));
      if (sent >= rows.length) clearInterval(sending);
    }, 250);
    await waitFor('its answer', () => answer() !== '');
    clearInterval(sending);
    expect(answer()).toMatch(/^HTTP\/1\.1 201 /);
    expect((await client.get('/data-imports')).body.data).toMatchObject([{ valid_records: 12 }]);
  });

  it('has longer in a service as it starts by itself', () => {
    expect(HTTP_TIMEOUTS).toMatchObject({ headers_ms: 15_000, stall_ms: 60_000, request_ms: 1_800_000 });
  });
});
