import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type Answer, ApiClient } from '../support/api-client';
import { readApiRoutes } from '../support/api-routes';
import { countLinks, refuseAssetsNamed } from '../support/fault';
import { importAndFlow, recordsOf, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';
import { expectReplay, postWithKey, uploadWithKey } from '../support/with-key';

const FLOW = { flow_name: 'Frankfurt' };
const CSV = serversCsv(3);

const servers = (count: number, prefix = 'srv') =>
  Array.from({ length: count }, (_, i) => ({ name: `${prefix}-${i}`, asset_type: 'server' }));

describe('Idempotency-Key', () => {
  let service: TestService;
  let client: ApiClient;
  let key: string;
  beforeAll(async () => {
    service = await startTestService({ ASSET_BATCH_CHUNK_SIZE: '10' });
  });
  beforeEach(() => {
    client = service.newClient();
    key = randomUUID();
  });
  afterAll(() => service.stop());

  const total = async (path: string, of = client) =>
    (await of.get(`${path}?page_size=1`)).body.pagination.total as number;
  const keysOf = async ({ tenant } = client) =>
    (
      await service.sql.query<{ key: string; status: string }>(
        `SELECT key, status FROM migration.idempotency_keys
          WHERE client_account_id = $1 AND engagement_id = $2 ORDER BY key`,
        [tenant.client_account_id, tenant.engagement_id],
      )
    ).rows;
  const age = (interval: string) =>
    service.sql.query(
      `UPDATE migration.idempotency_keys SET created_at = created_at - $2::interval WHERE client_account_id = $1`,
      [client.tenant.client_account_id, interval],
    );

  /** Makes every transaction that writes this table wait until released. */
  const holdWriters = async (table: string) => {
    const holder = new Client({ connectionString: service.databaseUrl });
    await holder.connect();
    await holder.query(`BEGIN; LOCK TABLE migration.${table} IN SHARE MODE`);
    return {
      reached: () =>
        waitFor('a writer that waits', async () => {
          const { rowCount } = await service.sql.query(
            `SELECT FROM pg_locks WHERE relation = 'migration.${table}'::regclass AND NOT granted`,
          );
          return rowCount === 1;
        }),
      release: () => holder.end(),
    };
  };

  interface Post {
    name: string;
    /** Sends one and the same request each time. */
    prepare: () => Promise<(key: string) => Promise<Answer>>;
    /** The same route with another content. */
    other: (key: string) => Promise<Answer>;
    effects: () => Promise<number>;
    effect: number;
    table: string;
  }

  const flowFor = async () => (await client.post('/discovery-flows', FLOW)).body.flow_id as string;
  let listFlow: string;
  const posts: Post[] = [
    {
      name: 'a flow',
      prepare: () => Promise.resolve((key) => postWithKey(client, key, '/discovery-flows', FLOW)),
      other: (key) => postWithKey(client, key, '/discovery-flows', { flow_name: 'Other' }),
      effects: () => total('/discovery-flows'),
      effect: 1,
      table: 'discovery_flows',
    },
    {
      name: 'an import',
      prepare: () => Promise.resolve((key) => uploadWithKey(client, key, 'a.csv', CSV, '?force=true')),
      other: (key) => uploadWithKey(client, key, 'a.csv', `${CSV}x,,,,,\n`, '?force=true'),
      effects: () => total('/data-imports'),
      effect: 1,
      table: 'import_field_mappings',
    },
    {
      name: 'a given list',
      prepare: async () => {
        const flow = (listFlow = await flowFor());
        return (key) =>
          postWithKey(client, key, `/discovery-flows/${flow}/assets`, { discovered_assets: servers(25) });
      },
      other: (key) =>
        postWithKey(client, key, `/discovery-flows/${listFlow}/assets`, {
          discovered_assets: servers(25, 'other'),
        }),
      effects: () => total('/unified-discovery/assets'),
      effect: 25,
      table: 'assets',
    },
  ];

  describe.each(posts)('on $name', ({ prepare, other, effects, effect, table }) => {
    it('answers the same request with the first answer, byte by byte, and does nothing', async () => {
      const send = await prepare();
      const first = await send(key);
      expect(first.status).toBe(201);
      for (let i = 0; i < 3; i++) expectReplay(await send(key), first);
      expect(await effects()).toBe(effect);
      expect(await keysOf()).toEqual([{ key, status: 'done' }]);
    });

    it('refuses another request under the key', async () => {
      const send = await prepare();
      const first = await send(key);
      expectProblem(await other(key), 422);
      expect(await effects()).toBe(effect);
      expectReplay(await send(key), first);
      expect((await other(randomUUID())).status).toBe(201);
    });

    it('is 409 while the first runs, and for nobody else', async () => {
      const send = await prepare();
      const held = await holdWriters(table);
      let first, stranger: Promise<Answer>;
      try {
        first = send(key);
        await held.reached();
        expectProblem(await send(key), 409);
        stranger = send(randomUUID());
      } finally {
        await held.release();
      }
      const answer = await first;
      expect([answer.status, (await stranger).status]).toEqual([201, 201]);
      expectReplay(await send(key), answer);
      expect(await effects()).toBe(2 * effect);
    });

    it('lets one of many at the same moment through', async () => {
      const send = await prepare();
      const answers = await Promise.all(Array.from({ length: 8 }, () => send(key)));
      const done = answers.filter(({ status }) => status === 201);
      const first = done.find(({ headers }) => !headers.has('idempotency-replayed'));
      for (const answer of done) if (answer !== first) expectReplay(answer, first!);
      for (const answer of answers) if (!done.includes(answer)) expectProblem(answer, 409);
      expect(await effects()).toBe(effect);
      expectReplay(await send(key), first!);
    });

    it('forgets it after 24 hours and not before', async () => {
      const send = await prepare();
      const first = await send(key);
      await age('23 hours 59 minutes');
      expectReplay(await send(key), first);
      await age('1 minute');
      const second = await other(key);
      expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, null]);
      expectReplay(await other(key), second);
      expect(await effects()).toBe(2 * effect);
    });

    it('does it again under another key', async () => {
      const send = await prepare();
      const answers = [await send(key), await send(randomUUID())];
      expect(answers.map(({ status, headers }) => [status, headers.get('idempotency-replayed')])).toEqual([
        [201, null],
        [201, null],
      ]);
      expect(await effects()).toBe(2 * effect);
    });

    it('belongs to one engagement of one client', async () => {
      const own = client;
      const first = await (await prepare())(key);
      const engagement_id = randomUUID();
      for (const tenant of [
        { ...own.tenant, engagement_id },
        { ...service.newClient().tenant, engagement_id },
      ]) {
        client = new ApiClient(service.origin, tenant);
        const answer = await (await prepare())(key);
        expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([201, null]);
        expect(await effects()).toBe(effect);
      }
      client = own;
      expect(await effects()).toBe(effect);
      expect(first.status).toBe(201);
    });
  });

  it('takes the same JSON for the same, however it is written', async () => {
    const { importId } = await importAndFlow(client, CSV);
    const mappings = { Hostname: 'hostname', Rack: 'location' };
    const first = await postWithKey(client, key, '/discovery-flows', {
      flow_name: 'f',
      data_import_id: importId,
      field_mappings: mappings,
    });
    const written = `{ "field_mappings": {"Rack":"location",\n"Hostname":"hostn\\u0061me"},
      "data_import_id": "${importId}", "flow_name": "f" }`;
    expectReplay(await postWithKey(client, key, '/discovery-flows', written), first);
    expectProblem(await postWithKey(client, key, '/discovery-flows', written.replace('"f"', '"F"')), 422);
  });

  it('is refused on another route, for another flow, file name or parameter', async () => {
    const [one, two] = [await flowFor(), await flowFor()];
    const list = { discovered_assets: servers(1) };
    expect((await postWithKey(client, key, `/discovery-flows/${one}/assets`, list)).status).toBe(201);
    expectProblem(await postWithKey(client, key, `/discovery-flows/${two}/assets`, list), 422);
    expectProblem(await postWithKey(client, key, '/discovery-flows', FLOW), 422);
    expectProblem(await uploadWithKey(client, key, 'a.csv', CSV), 422);
    const fresh = randomUUID();
    const first = await uploadWithKey(client, fresh, 'a.csv', CSV);
    expectProblem(await uploadWithKey(client, fresh, 'b.csv', CSV), 422);
    expectProblem(await uploadWithKey(client, fresh, 'a.csv', CSV, '?force=true'), 422);
    expectReplay(await uploadWithKey(client, fresh, 'a.csv', CSV), first);
    // Those that met another's key were no imports, not even failed ones.
    expect([await total('/data-imports'), await total('/unified-discovery/assets')]).toEqual([1, 1]);
  });

  it('answers an import as it was, also a duplicate, whatever became of it since', async () => {
    const first = await uploadWithKey(client, key, 'a.csv', CSV);
    const again = randomUUID();
    const duplicate = await uploadWithKey(client, again, 'a.csv', CSV);
    expect([duplicate.status, duplicate.body.duplicate]).toEqual([200, true]);
    await client.post('/discovery-flows', { flow_name: 'f', data_import_id: first.body.id });
    expect((await client.get(`/data-imports/${String(first.body.id)}`)).body.master_flow_id).not.toBeNull();
    expectReplay(await uploadWithKey(client, key, 'a.csv', CSV), first);
    expectReplay(await uploadWithKey(client, again, 'a.csv', CSV), duplicate);
  });

  it('takes a raw body by its bytes, whatever its media type says', async () => {
    const raw = (type: string, content: string) =>
      client.send('POST', '/data-imports?filename=a.csv', content, {
        'content-type': type,
        'idempotency-key': key,
      });
    const first = await raw('text/csv', CSV);
    expect(first.status).toBe(201);
    expectReplay(await raw('application/octet-stream', CSV), first);
    expectProblem(await raw('text/csv', `${CSV}\n`), 422);
  });

  describe('of a request that failed', () => {
    it('is free: a flow', async () => {
      const missing = { ...FLOW, data_import_id: randomUUID() };
      for (let i = 0; i < 2; i++)
        expectProblem(await postWithKey(client, key, '/discovery-flows', missing), 404);
      expectProblem(await postWithKey(client, key, '/discovery-flows', {}), 400, ['flow_name']);
      expect(await keysOf()).toEqual([]);
      expect((await postWithKey(client, key, '/discovery-flows', FLOW)).status).toBe(201);
    });

    it('is free: an import, which is kept as failed', async () => {
      const broken = '{"a": [';
      for (let i = 0; i < 2; i++) expectProblem(await uploadWithKey(client, key, 'a.json', broken), 422);
      expect(await keysOf()).toEqual([]);
      const first = await uploadWithKey(client, key, 'a.json', '[{"Hostname": "a"}]');
      expect(first.status).toBe(201);
      const statuses = ((await client.get('/data-imports')).body.data as { status: string }[]).map(
        ({ status }) => status,
      );
      expect(statuses).toEqual(['processed', 'failed', 'failed']);
    });

    it('is free: a given list of which nothing was written', async () => {
      const flow = await flowFor();
      const send = () =>
        postWithKey(client, key, `/discovery-flows/${flow}/assets`, { discovered_assets: servers(25) });
      const mend = await refuseAssetsNamed(service.sql, 'srv-3');
      try {
        expectProblem(await send(), 500);
      } finally {
        await mend();
      }
      expect(await keysOf()).toEqual([]);
      expectProblem(
        await postWithKey(client, key, `/discovery-flows/${randomUUID()}/assets`, {
          discovered_assets: servers(1),
        }),
        404,
      );
      const answer = await send();
      expect([answer.status, answer.body.total_created]).toEqual([201, 25]);
    });

    it('is not free once chunks were committed: their answer is the first one', async () => {
      const flow = await flowFor();
      const send = () =>
        postWithKey(client, key, `/discovery-flows/${flow}/assets`, { discovered_assets: servers(25) });
      const mend = await refuseAssetsNamed(service.sql, 'srv-13');
      let first: Answer;
      try {
        first = await send();
      } finally {
        await mend();
      }
      expect([first.status, first.body.total_created]).toEqual([201, 10]);
      expectReplay(await send(), first);
      expect(await total('/unified-discovery/assets')).toBe(10);
    });
  });

  it('keeps what a given list skipped in its answer', async () => {
    const { flowId, importId } = await importAndFlow(client, CSV);
    const [record] = await recordsOf(client, importId);
    const items = servers(12).map((item, i) =>
      i % 5 === 0 ? { ...item, raw_import_record_id: record!.id } : item,
    );
    const send = () =>
      postWithKey(client, key, `/discovery-flows/${flowId}/assets`, { discovered_assets: items });
    const first = await send();
    expect(first.body).toMatchObject({ total_created: 10, total_linked: 1, total_skipped: 2 });
    expect(first.body.items.map(({ index, code }: { index: number; code: string }) => [index, code])).toEqual(
      [
        [5, 'raw_record_named_twice'],
        [10, 'raw_record_named_twice'],
      ],
    );
    expectReplay(await send(), first);
  });

  it('fences off a given list that was thought dead, chunk by chunk', async () => {
    const { flowId, importId } = await importAndFlow(client, serversCsv(30));
    const records = await recordsOf(client, importId);
    const discovered_assets = servers(30).map((item, i) => ({
      ...item,
      raw_import_record_id: records[i]!.id,
    }));
    const send = () => postWithKey(client, key, `/discovery-flows/${flowId}/assets`, { discovered_assets });
    const holder = new Client({ connectionString: service.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM migration.raw_import_records WHERE id = $1 FOR UPDATE', [
      records[15]!.id,
    ]);
    const waiting = (count: number) =>
      waitFor(`${count} requests at the lock`, async () => {
        const { rowCount } = await service.sql.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rowCount === count;
      });
    const first = send();
    await waiting(1);
    await service.sql.query(
      `UPDATE migration.idempotency_keys SET lease_expires_at = now() WHERE client_account_id = $1`,
      [client.tenant.client_account_id],
    );
    const second = send();
    await waiting(2);
    await holder.end();
    expectProblem(await first, 409);
    const answer = await second;
    expect([answer.status, answer.body.total_created, answer.body.total_linked]).toEqual([201, 30, 30]);
    expect(await countLinks(service.sql, client.tenant.client_account_id)).toEqual({
      assets: 30,
      pairs: 30,
      pointing_assets: 30,
      pointing_records: 30,
    });
    expectReplay(await send(), answer);
  });

  it.each([
    ['is empty', ''],
    ['holds a space', 'a b'],
    ['holds a tab', 'a\tb'],
    ['is not ASCII', 'schlüssel'],
    ['is longer than 255 characters', 'x'.repeat(256)],
  ])('that %s is refused by name', async (_what, bad) => {
    const flow = await flowFor();
    for (const send of [
      () => postWithKey(client, bad, '/discovery-flows', FLOW),
      () => uploadWithKey(client, bad, 'a.csv', CSV),
      () => postWithKey(client, bad, `/discovery-flows/${flow}/assets`, { discovered_assets: servers(1) }),
    ]) {
      expectProblem(await send(), 400, ['Idempotency-Key']);
    }
    expect([await total('/discovery-flows'), await total('/data-imports')]).toEqual([1, 0]);
  });

  it.each([
    'x',
    'x'.repeat(255),
    '!"#$%&\'()*+,-./:;<=>?@[]^_`{|}~',
    "'; DROP TABLE x; --".replaceAll(' ', ''),
  ])('may be %s', async (good) => {
    const first = await postWithKey(client, good, '/discovery-flows', FLOW);
    expect(first.status).toBe(201);
    expectReplay(await postWithKey(client, good, '/discovery-flows', FLOW), first);
  });

  it('of a day ago is forgotten with the tenant’s next one, and nobody else’s', async () => {
    const other = service.newClient();
    const old = [randomUUID(), randomUUID(), randomUUID()];
    for (const name of old) await postWithKey(client, name, '/discovery-flows', FLOW);
    await age('24 hours');
    await postWithKey(other, key, '/discovery-flows', FLOW);
    expect(await keysOf()).toHaveLength(3);
    await postWithKey(client, key, '/discovery-flows', FLOW);
    expect(await keysOf()).toEqual([{ key, status: 'done' }]);
    expect(await keysOf(other)).toHaveLength(1);
  });

  it('is documented on every POST', async () => {
    const posts = (await readApiRoutes(service.origin)).filter(({ method }) => method === 'POST');
    expect(posts.length).toBeGreaterThan(3);
    for (const { template, operation } of posts) {
      const key = (operation.parameters ?? []).find(({ name }) => name === 'Idempotency-Key');
      expect({ template, key, statuses: Object.keys(operation.responses) }).toMatchObject({
        template,
        key: { in: 'header', required: false },
        statuses: expect.arrayContaining(['409', '422']),
      });
    }
  });
});
