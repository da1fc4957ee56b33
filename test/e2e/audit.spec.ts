import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient, newTenant } from '../support/api-client';
import { refuseAssetsNamed } from '../support/fault';
import { importAndFlow, recordsOf, runEnd, runToEnd, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { stopAt } from '../support/stop-point';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';
import { expectReplay, postWithKey, uploadWithKey } from '../support/with-key';

interface Event {
  id: string;
  client_account_id: string;
  engagement_id: string;
  at: string;
  subject: string | null;
  action: string;
  target_type: string;
  target_id: string;
  counts: Record<string, number>;
  details: Record<string, string | null>;
  request_id: string | null;
}

describe('the audit', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService({ ASSET_BATCH_CHUNK_SIZE: '10', ASSET_CHUNK_RETRY_POLICY: 'skip' });
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  /** Oldest first. */
  const events = async (of = client): Promise<Event[]> =>
    ((await of.get('/audit-events?page_size=200')).body.data as Event[]).reverse();
  const actions = async (of = client) => (await events(of)).map(({ action }) => action);
  /** What comes after the events so far. */
  const since = async () => {
    const { length } = await events();
    return async () => (await events()).slice(length);
  };
  const become = (path: string, status: string) =>
    waitFor(`the run to be ${status}`, async () => (await client.get(path)).body.status === status);

  it('has one event for an import, with what was counted, its checksum and the request', async () => {
    const answer = await client.upload('geheim.csv', `${serversCsv(3)},,,,,x\n\0,,,,,y\n`);
    const { checksum_sha256, size_bytes, id, rejected_records, valid_records } = answer.body;
    const all = await events();
    expect(all).toEqual([
      {
        ...client.tenant,
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        at: expect.stringMatching(/Z$/),
        subject: null,
        action: 'import.created',
        target_type: 'data_import',
        target_id: id,
        counts: { size_bytes, valid_records, rejected_records, empty_rows_skipped: 0, columns: 6 },
        details: { checksum_sha256, corrects_import_id: null },
        request_id: answer.headers.get('x-request-id'),
      },
    ]);
    expect(rejected_records).toBe(1);
    expect(JSON.stringify(all)).not.toMatch(/geheim|web-1|Hostname/);
  });

  it('has none for a duplicate, one for a forced import and one for an import that failed', async () => {
    await client.upload('servers.csv', serversCsv(3));
    const more = await since();
    expect((await client.upload('servers.csv', serversCsv(3))).body.duplicate).toBe(true);
    expect(await more()).toEqual([]);
    await client.upload('servers.csv', serversCsv(3), '?force=true');
    const failed = await client.upload('broken.xlsx', 'PK\u0003\u0004 no workbook');
    expect(failed.status).toBe(422);
    const { body } = await client.get('/data-imports?page_size=1');
    expect(await more()).toMatchObject([
      { action: 'import.created' },
      {
        action: 'import.failed',
        target_id: body.data[0].id,
        counts: { size_bytes: body.data[0].size_bytes },
        details: { checksum_sha256: body.data[0].checksum_sha256 },
        request_id: failed.headers.get('x-request-id'),
      },
    ]);
  });

  it('has an event for a flow, its approved mappings and what was learned of a person', async () => {
    const { body: imported } = await client.upload('servers.csv', serversCsv(3));
    const more = await since();
    const { body: flow } = await client.post('/discovery-flows', {
      flow_name: 'geheim',
      data_import_id: imported.id,
    });
    const mappings = Object.keys(flow.field_mappings as object).length;
    const of = { target_type: 'discovery_flow', target_id: flow.flow_id };
    expect(await more()).toMatchObject([
      { action: 'flow.created', ...of, counts: { mappings }, details: { data_import_id: imported.id } },
      { action: 'mappings.approved', ...of, counts: { mappings } },
    ]);
    const rest = await since();
    const put = await client.put(`/discovery-flows/${flow.flow_id}/field-mappings`, {
      field_mappings: { Hostname: 'hostname', Rack: 'location' },
    });
    const request_id = put.headers.get('x-request-id');
    const { rows } = await service.sql.query(
      'SELECT FROM migration.learned_field_mappings WHERE client_account_id = $1',
      [client.tenant.client_account_id],
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(await rest()).toMatchObject([
      { action: 'mappings.approved', ...of, counts: { mappings: 2 }, request_id },
      {
        action: 'mappings.learned',
        target_type: 'data_import',
        target_id: imported.id,
        counts: { learned: rows.length },
        details: { flow_id: flow.flow_id },
        request_id,
      },
    ]);
    await client.post('/discovery-flows', { flow_name: 'bare' });
    expect(await actions()).toEqual([
      'import.created',
      'flow.created',
      'mappings.approved',
      'mappings.approved',
      'mappings.learned',
      'flow.created',
    ]);
  });

  it('has the start of a run by its request, and its end with its ledger by nobody', async () => {
    const mend = await refuseAssetsNamed(service.sql, 'aud-7');
    const { flowId, importId } = await importAndFlow(client, serversCsv(25, { prefix: 'aud' }));
    const more = await since();
    const { body: run } = await runToEnd(client, flowId, { chunk_size: 10, conflict_policy: 'merge' });
    const of = { target_type: 'discovery_run', target_id: run.id };
    const { total_records, created, linked, duplicates, conflicts, rejected, pending } = run;
    const { chunks_done, chunks_failed } = run;
    expect({ created, rejected }).toEqual({ created: 24, rejected: 1 });
    const [started, ended, ...others] = await more();
    expect(started).toMatchObject({
      action: 'run.started',
      ...of,
      counts: { total_records: 25, chunks_total: 3, chunk_size: 10 },
      details: {
        flow_id: flowId,
        data_import_id: importId,
        conflict_policy: 'merge',
        failure_policy: 'skip',
      },
      request_id: expect.any(String),
    });
    expect(ended).toMatchObject({ action: 'run.ended', ...of, subject: null, request_id: null });
    expect(ended!.details).toEqual({ status: 'completed' });
    expect(ended!.counts).toEqual({
      ...{ total_records, created, linked, duplicates, conflicts, rejected, pending },
      ...{ chunks_done, chunks_failed },
    });
    expect(others).toEqual([]);
    await mend();
  });

  it('has what was asked of a run and what came of it, each once however often it was asked', async () => {
    const stop = await stopAt(service.databaseUrl, {
      event: 'BEFORE INSERT ON migration.assets',
      when: `NEW.name = 'ctl-15' AND NEW.client_account_id = '${client.tenant.client_account_id}'`,
    });
    const { flowId } = await importAndFlow(client, serversCsv(40, { prefix: 'ctl' }));
    const more = await since();
    const { body: run } = await client.post(`/discovery-flows/${flowId}/runs`);
    const path = `/discovery-flows/${flowId}/runs/${run.id}`;
    await stop.reached();
    const asked: (string | null)[] = [];
    for (const action of ['resume', 'pause', 'pause', 'resume', 'pause']) {
      const answer = await client.post(`${path}/${action}`);
      expect(answer.status).toBe(202);
      asked.push(answer.headers.get('x-request-id'));
    }
    await stop.release();
    await become(path, 'paused');
    await client.post(`${path}/pause`);
    await client.post(`${path}/cancel`);
    await client.post(`${path}/cancel`);
    expectProblem(await client.post(`${path}/retry`), 409);
    const all = await more();
    expect(all.map(({ action, request_id }) => [action, request_id === null])).toEqual([
      ['run.started', false],
      ['run.pause_requested', false],
      ['run.resumed', false],
      ['run.pause_requested', false],
      ['run.paused', true],
      ['run.cancelled', false],
    ]);
    expect(all.slice(1, 4).map(({ request_id }) => request_id)).toEqual([asked[1], asked[3], asked[4]]);
    for (const stopped of all.slice(4)) expect(stopped.counts).toMatchObject({ created: 20, pending: 20 });
  });

  it('has the retry of a run, which ends a second time', async () => {
    const name = `fk-${randomUUID()}`;
    // A lost reference is the fault of no row, so the chunk fails and is tried again.
    await service.sql.query(`
      CREATE FUNCTION migration.test_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION USING ERRCODE = '42501'; END $$;
      CREATE TRIGGER test_refuse BEFORE INSERT ON migration.assets FOR EACH ROW
        WHEN (NEW.name = '${name}-12') EXECUTE FUNCTION migration.test_refuse()`);
    const { flowId } = await importAndFlow(client, serversCsv(20, { prefix: name }));
    const more = await since();
    const { body: run } = await runToEnd(client, flowId);
    expect(run).toMatchObject({ status: 'completed_with_errors', created: 10, chunks_failed: 1 });
    await service.sql.query('DROP TRIGGER test_refuse ON migration.assets');
    await client.post(`/discovery-flows/${flowId}/runs/${run.id}/retry`);
    await runEnd(client, flowId, run.id as string);
    expect(await more()).toMatchObject([
      { action: 'run.started' },
      { action: 'run.ended', details: { status: 'completed_with_errors' }, counts: { created: 10 } },
      { action: 'run.retried', counts: { chunks_failed: 1 }, request_id: expect.any(String) },
      { action: 'run.ended', details: { status: 'completed' }, counts: { created: 20 } },
    ]);
  });

  it('has the committed chunks of a given list, and their sum is what there is', async () => {
    const mend = await refuseAssetsNamed(service.sql, 'giv-15');
    const { flowId, importId } = await importAndFlow(client, serversCsv(35));
    const records = await recordsOf(client, importId);
    const discovered_assets = records.map(({ id }, i) => ({
      name: `giv-${i}`,
      asset_type: 'server',
      raw_import_record_id: id,
    }));
    const more = await since();
    const send = () =>
      postWithKey(client, 'list', `/discovery-flows/${flowId}/assets`, { discovered_assets });
    const first = await send();
    expect(first.body).toMatchObject({ total_created: 25 });
    const recorded = await more();
    expect(recorded).toMatchObject(
      [
        [1, 10],
        [3, 10],
        [4, 5],
      ].map(([chunk, created]) => ({
        action: 'assets.persisted',
        target_type: 'discovery_flow',
        target_id: flowId,
        counts: { chunk, created, linked: created, skipped: 0 },
        request_id: first.headers.get('x-request-id'),
      })),
    );
    expect(await assetsOf()).toBe(25);
    expectReplay(await send(), first);
    // All but the failed chunk are linked by now, so this makes that chunk's and nothing else.
    await mend();
    await client.post(`/discovery-flows/${flowId}/assets`, { discovered_assets });
    expect((await more()).slice(3)).toMatchObject([{ counts: { chunk: 2, created: 10, skipped: 0 } }]);
    expect(await assetsOf()).toBe(35);
  });
  const assetsOf = async () =>
    (await client.get('/unified-discovery/assets?page_size=1')).body.pagination.total as number;

  it('has nothing of replays, of refusals and of dry runs', async () => {
    const first = await uploadWithKey(client, 'import', 'servers.csv', serversCsv(3));
    const flow = { flow_name: 'once', data_import_id: first.body.id };
    const made = await postWithKey(client, 'flow', '/discovery-flows', flow);
    const path = `/discovery-flows/${made.body.flow_id}`;
    const run = await postWithKey(client, 'run', `${path}/runs`, {});
    await runEnd(client, made.body.flow_id as string, run.body.id as string);
    const more = await since();
    expectReplay(await uploadWithKey(client, 'import', 'servers.csv', serversCsv(3)), first);
    expectReplay(await postWithKey(client, 'flow', '/discovery-flows', flow), made);
    expectReplay(await postWithKey(client, 'run', `${path}/runs`, {}), run);
    expect((await client.post(`${path}/runs`, { dry_run: true })).status).toBe(200);
    expectProblem(await client.post(`${path}/runs/${run.body.id}/pause`), 409);
    expectProblem(await client.post('/discovery-flows', { ...flow, data_import_id: randomUUID() }), 404);
    expectProblem(await client.put(`${path}/field-mappings`, { field_mappings: { a: 'nonsense' } }), 400);
    expect(await more()).toEqual([]);
  });

  it('loses its event with the change that is rolled back', async () => {
    const { body: imported } = await client.upload('servers.csv', serversCsv(3));
    const more = await since();
    const { client_account_id } = client.tenant;
    await service.sql.query(`
      ALTER TABLE migration.learned_field_mappings
        ADD CONSTRAINT ck_test_late CHECK (client_account_id <> '${client_account_id}') NOT VALID`);
    const flow = { flow_name: 'late', data_import_id: imported.id, field_mappings: { Hostname: 'name' } };
    expectProblem(await client.post('/discovery-flows', flow), 500);
    expect((await client.get('/discovery-flows')).body.pagination.total).toBe(0);
    expect(await more()).toEqual([]);
    await service.sql.query('ALTER TABLE migration.learned_field_mappings DROP CONSTRAINT ck_test_late');
  });

  it('takes the change with it when it cannot be written', async () => {
    const { client_account_id } = client.tenant;
    await service.sql.query(`
      ALTER TABLE migration.audit_events
        ADD CONSTRAINT ck_test_full CHECK (client_account_id <> '${client_account_id}') NOT VALID`);
    expectProblem(await client.upload('servers.csv', serversCsv(3)), 500);
    expectProblem(await client.post('/discovery-flows', { flow_name: 'bare' }), 500);
    await service.sql.query('ALTER TABLE migration.audit_events DROP CONSTRAINT ck_test_full');
    for (const list of ['data-imports', 'raw-import-records', 'discovery-flows', 'audit-events']) {
      expect([list, (await client.get(`/${list}`)).body.pagination.total]).toEqual([list, 0]);
    }
  });

  it('shows a tenant its own events only', async () => {
    const sibling = new ApiClient(service.origin, { ...client.tenant, engagement_id: randomUUID() });
    const stranger = new ApiClient(service.origin, {
      ...newTenant(),
      engagement_id: client.tenant.engagement_id,
    });
    const own = new Map<ApiClient, string>();
    for (const who of [client, sibling, stranger]) {
      own.set(who, (await who.upload('servers.csv', serversCsv(3))).body.id as string);
    }
    for (const [who, id] of own) {
      expect((await events(who)).map(({ target_id }) => target_id)).toEqual([id]);
      for (const other of own.values()) {
        const { body } = await who.get(`/audit-events?target_id=${other}`);
        expect(body.pagination.total).toBe(other === id ? 1 : 0);
      }
    }
    expect(await actions(service.newClient())).toEqual([]);
  });

  describe('as a list', () => {
    beforeEach(async () => {
      await importAndFlow(client, serversCsv(3));
      await client.post('/discovery-flows', { flow_name: 'second' });
    });

    it('is newest first, in pages that neither repeat nor leave out', async () => {
      const all = (await events()).reverse();
      expect(all.map(({ action }) => action)).toEqual([
        'flow.created',
        'mappings.approved',
        'flow.created',
        'import.created',
      ]);
      const pages: unknown[] = [];
      for (const page of [1, 2, 3, 4]) {
        const { body } = await client.get(`/audit-events?page_size=1&page=${page}`);
        expect(body.pagination).toEqual({ page, page_size: 1, total: 4, total_pages: 4 });
        expect(body.metadata).toEqual({ max_page_size: 200, page_size_capped: false });
        pages.push(...body.data);
      }
      expect(pages).toEqual(all);
    });

    it('is narrowed by action, target and time', async () => {
      const all = await events();
      const found = async (query: string) =>
        ((await client.get(`/audit-events?${query}`)).body.data as Event[]).map(({ id }) => id).reverse();
      const ids = (some: Event[]) => some.map(({ id }) => id);
      expect(await found('action=flow.created')).toEqual(
        ids(all.filter(({ action }) => action === 'flow.created')),
      );
      expect(await found(`target_id=${all[1]!.target_id}`)).toEqual(ids(all.slice(1, 3)));
      const last = all.at(-1)!;
      expect(await found(`from=${last.at}`)).toEqual([last.id]);
      expect(await found(`to=${last.at}`)).toEqual(ids(all.slice(0, -1)));
      expect(await found(`from=${all[0]!.at}&to=${last.at}&action=import.created`)).toEqual([all[0]!.id]);
    });

    it.each([
      ['action=run.begun', 'action', /one of/],
      ['target_id=x', 'target_id', /UUID/],
      ['from=2026-03-01', 'from', /time/],
      ['to=2026-02-30T99:00:00Z', 'to', /time/],
      ['from=', 'from', /time/],
      ['page_size=201', 'page_size', /at most 200/],
      ['subject=me', 'subject', /./],
    ])('refuses ?%s by name', async (query, field, message) => {
      const answer = await client.get(`/audit-events?${query}`);
      expectProblem(answer, 400, [field]);
      expect(answer.body.errors[0].message).toMatch(message);
    });
  });

  it('cannot be changed or deleted by the service, by its rights', async () => {
    const { rows } = await service.sql.query<{ name: string; rights: string[] }>(`
      SELECT t.name, array_agg(r.name ORDER BY r.name) FILTER (
               WHERE has_table_privilege('discovery_wiring_service', 'migration.' || t.name, r.name)) AS rights
        FROM unnest(ARRAY['audit_events', 'schema_audit_events']) AS t (name),
             unnest(ARRAY['DELETE', 'INSERT', 'SELECT', 'TRUNCATE', 'UPDATE']) AS r (name)
       GROUP BY t.name ORDER BY t.name`);
    expect(rows).toEqual([
      { name: 'audit_events', rights: ['INSERT', 'SELECT'] },
      { name: 'schema_audit_events', rights: null },
    ]);
  });

  it('is never changed or deleted by a statement of ours', () => {
    const files = readdirSync(join(__dirname, '../../src'), { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => file.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(100);
    for (const file of sources) {
      const text = readFileSync(join(__dirname, '../../src', file), 'utf8');
      expect(text).not.toMatch(
        /(UPDATE|DELETE\s+FROM|TRUNCATE|MERGE\s+INTO)\s+(ONLY\s+)?migration\.(schema_)?audit_events/i,
      );
    }
  });
});
