import { Client } from 'pg';
import type { Answer, ApiClient } from '../support/api-client';
import { countLinks, refuseAssetsNamed } from '../support/fault';
import { importAndFlow, recordsOf, runEnd, runToEnd, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

const LIVE = ['queued', 'running', 'paused'];

describe('runs', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService({ ASSET_CHUNK_MAX_RETRIES: '2' });
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  const links = () => countLinks(service.sql, client.tenant.client_account_id);
  const start = (flowId: string, body: object = {}) => client.post(`/discovery-flows/${flowId}/runs`, body);

  /** Connections that hold locks: a test that fails must not hold up the service's end. */
  let lockers: Client[] = [];
  afterEach(async () => {
    await Promise.all(lockers.map((locker) => locker.end()));
    lockers = [];
  });
  async function lock(sql: string) {
    const locker = new Client({ connectionString: service.databaseUrl });
    await locker.connect();
    lockers.push(locker);
    await locker.query(`BEGIN; ${sql}`);
    return { release: () => locker.query('COMMIT') };
  }
  /** Holds every asset's insert back, so that a run stays at work for as long as the test needs. */
  const holdAssets = () => lock('LOCK TABLE migration.assets IN SHARE MODE');

  /** The equation of the contract, which holds at every moment. */
  function expectWhole({ body }: Answer): void {
    expect(body.total_records).toBe(
      body.created + body.duplicates + body.conflicts + body.rejected + body.pending,
    );
    expect(body.linked).toBe(body.created);
    expect(body.chunks_done + body.chunks_failed).toBeLessThanOrEqual(body.chunks_total);
    expect(body.chunks_total).toBe(Math.ceil(body.total_records / body.chunk_size));
  }

  it('answers 202 with the run and its Location before the work is done', async () => {
    const { flowId } = await importAndFlow(client, serversCsv(30));
    const held = await holdAssets();
    const { status, headers, body } = await start(flowId, { chunk_size: 20 });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      status: 'queued',
      total_records: 30,
      pending: 30,
      created: 0,
      linked: 0,
      chunks_done: 0,
      chunks_failed: 0,
      chunks_total: 2,
      chunk_size: 20,
      failure_policy: 'stop',
      started_at: null,
      finished_at: null,
    });
    const location = headers.get('location')!;
    expect(location).toBe(`/api/v1/discovery-flows/${flowId}/runs/${String(body.id)}`);
    const get = () => client.get(location.replace('/api/v1', ''));
    const running = await waitFor('the run to work', async () => {
      const run = await get();
      return run.body.status === 'running' && run;
    });
    expect(running.body).toMatchObject({ pending: 30, started_at: expect.any(String), finished_at: null });
    expect((await client.get(`/discovery-flows/${flowId}`)).body.status).toBe('running');
    await held.release();
    const ended = await waitFor('its end', async () => {
      const run = await get();
      return !LIVE.includes(run.body.status as string) && run;
    });
    expect(ended.body).toMatchObject({ status: 'completed', created: 30, chunks_done: 2, error: null });
    expect(ended.body.finished_at >= ended.body.started_at).toBe(true);
  });

  it('accounts for every row at every moment, and only ever moves on', async () => {
    const { flowId } = await importAndFlow(client, serversCsv(2000));
    const { body } = await start(flowId, { chunk_size: 10 });
    let last = body.pending as number;
    let steps = 0;
    await waitFor('its end', async () => {
      const run = await client.get(`/discovery-flows/${flowId}/runs/${String(body.id)}`);
      expectWhole(run);
      expect(run.body).toMatchObject({ total_records: 2000, chunks_total: 200 });
      expect(run.body.pending).toBeLessThanOrEqual(last);
      if (run.body.pending < last) steps++;
      last = run.body.pending;
      return !LIVE.includes(run.body.status as string);
    });
    expect(last).toBe(0);
    expect(steps).toBeGreaterThan(1);
    expect(await links()).toEqual({
      assets: 2000,
      pairs: 2000,
      pointing_assets: 2000,
      pointing_records: 2000,
    });
  });

  it('refuses a second run beside a live one, and mappings under it', async () => {
    const { flowId } = await importAndFlow(client, serversCsv(30));
    const held = await holdAssets();
    expect((await start(flowId)).status).toBe(202);
    expectProblem(await start(flowId), 409);
    expectProblem(await client.put(`/discovery-flows/${flowId}/field-mappings`, { field_mappings: {} }), 409);
    await held.release();
    await waitFor(
      'the end',
      async () => (await client.get(`/discovery-flows/${flowId}`)).body.status === 'completed',
    );
    expect((await start(flowId)).status).toBe(202);
  });

  it('lets one of many POSTs at the same moment through', async () => {
    const { flowId } = await importAndFlow(client, serversCsv(30));
    await holdAssets();
    const answers = await Promise.all(Array.from({ length: 8 }, () => start(flowId)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(7).fill(409)]);
    for (const answer of answers.filter(({ status }) => status === 409)) expectProblem(answer, 409);
  });

  it('refuses mappings that were sent while it was being planned', async () => {
    const { flowId } = await importAndFlow(client, serversCsv(30));
    const held = await holdAssets();
    const flow = await lock(`SELECT FROM migration.discovery_flows WHERE flow_id = '${flowId}' FOR UPDATE`);
    const waiting = (count: number) =>
      waitFor(`${count} to wait for the flow`, async () => {
        const { rows } = await service.sql.query<{ waiting: number }>(
          `SELECT count(DISTINCT l.pid)::int AS waiting FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE NOT l.granted AND a.datname = current_database() AND a.query ILIKE '%discovery_flows%'`,
        );
        return rows[0]!.waiting >= count;
      });
    const run = start(flowId);
    await waiting(1);
    const mapped = client.put(`/discovery-flows/${flowId}/field-mappings`, {
      field_mappings: { Rack: 'name' },
    });
    await waiting(2);
    await flow.release();
    expect([(await run).status, (await mapped).status]).toEqual([202, 409]);
    await held.release();
    await waitFor(
      'the end',
      async () => (await client.get(`/discovery-flows/${flowId}`)).body.status === 'completed',
    );
    const { body } = await client.get('/unified-discovery/assets');
    for (const { name } of body.data as { name: string }[]) expect(name).toMatch(/^web-/);
  });

  it.each([
    [{ chunk_size: 9 }, 'chunk_size'],
    [{ chunk_size: 5001 }, 'chunk_size'],
    [{ chunk_size: 0 }, 'chunk_size'],
    [{ chunk_size: 10.5 }, 'chunk_size'],
    [{ chunk_size: '100' }, 'chunk_size'],
    [{ failure_policy: 'ignore' }, 'failure_policy'],
    [{ size: 10 }, 'size'],
  ])('refuses %j by name and starts nothing', async (body, field) => {
    const { flowId } = await importAndFlow(client, serversCsv(3));
    expectProblem(await start(flowId, body), 400, [field]);
    const { rowCount } = await service.sql.query(
      'SELECT FROM migration.discovery_runs WHERE client_account_id = $1',
      [client.tenant.client_account_id],
    );
    expect(rowCount).toBe(0);
  });

  it.each([10, 5000])('takes a chunk_size of %d, and no body at all', async (chunk_size) => {
    const { flowId } = await importAndFlow(client, serversCsv(12));
    expect((await runToEnd(client, flowId, { chunk_size })).body.chunks_total).toBe(
      chunk_size === 10 ? 2 : 1,
    );
    expect((await client.post(`/discovery-flows/${flowId}/runs`)).status).toBe(202);
  });

  it('rejects rows without a name, keeps their cells, and shifts no other row’s link', async () => {
    const csv =
      'Hostname,Rack\n' + [1, 2, 3, 4, 5, 6].map((i) => (i % 2 ? `web-${i},R${i}\n` : `,R${i}\n`)).join('');
    const { flowId, importId } = await importAndFlow(client, csv);
    const run = await runToEnd(client, flowId);
    expectWhole(run);
    expect(run.body).toMatchObject({
      status: 'completed',
      total_records: 6,
      created: 3,
      rejected: 3,
      pending: 0,
    });
    for (const row of await recordsOf(client, importId)) {
      expect(row.raw_data.Rack).toBe(`R${row.row_number}`);
      expect(row.is_processed).toBe(true);
      if (row.row_number % 2 === 0) {
        expect(row).toMatchObject({ fate: 'rejected', asset_id: null });
        continue;
      }
      const name = `web-${row.row_number}`;
      expect(row).toMatchObject({ fate: 'created', processing_notes: `Linked to: ${name}` });
      const asset = await client.get(`/unified-discovery/assets/${String(row.asset_id)}`);
      expect(asset.body).toMatchObject({
        name,
        raw_import_records_id: row.id,
        custom_attributes: { Rack: `R${row.row_number}` },
      });
    }
    const rejects = await client.get(`/data-imports/${importId}/rejects`);
    expect(rejects.body.data).toMatchObject(
      [2, 4, 6].map((row_number) => ({ row_number, error_code: 'missing_name' })),
    );
    const csvRejects = await client.get(`/data-imports/${importId}/rejects`, { accept: 'text/csv' });
    expect(csvRejects.text).toContain('\r\n,R2,2,');
    expect((await client.get('/health/wiring?refresh=true')).body.health_status).toBe('healthy');
  });

  it.each([
    ['whose rows were all rejected', 'Hostname\n\0\n\0\0\n', 2],
    ['without rows', 'Hostname,IP Address\n', 0],
  ])('ends at once over an import %s', async (_what, csv, rejected) => {
    const { flowId, importId } = await importAndFlow(client, csv);
    expect((await client.get(`/data-imports/${importId}`)).body).toMatchObject({
      rejected_records: rejected,
      valid_records: 0,
    });
    const run = await runToEnd(client, flowId);
    expect(run.body).toMatchObject({
      status: 'completed',
      total_records: 0,
      chunks_total: 0,
      created: 0,
      rejected: 0,
    });
  });

  it('refuses to begin without an import, and without a mapping that names assets', async () => {
    const bare = await client.post('/discovery-flows', { flow_name: 'bare' });
    expectProblem(await start(bare.body.flow_id as string), 409);
    const { flowId, importId } = await importAndFlow(client, serversCsv(3));
    await client.put(`/discovery-flows/${flowId}/field-mappings`, { field_mappings: { Rack: 'location' } });
    expectProblem(await start(flowId), 409);
    expect((await recordsOf(client, importId)).every(({ fate }) => fate === 'pending')).toBe(true);
  });

  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  let mend: () => Promise<void> = () => Promise.resolve();
  afterEach(async () => {
    await mend();
    mend = () => Promise.resolve();
  });

  describe('over a chunk of which the database refuses every row alike', () => {
    async function runWith(failure_policy: string) {
      const flow = await importAndFlow(client, serversCsv(50));
      mend = await refuseAssetsNamed(service.sql, ...range(21, 30).map((i) => `web-${i}`));
      const run = await runToEnd(client, flow.flowId, { chunk_size: 10, failure_policy });
      expectWhole(run);
      expect(run.body.error ?? '').not.toMatch(/web-2|INSERT|SELECT|Failing row/);
      const runs = `/discovery-flows/${flow.flowId}/runs/${String(run.body.id)}`;
      const chunks = await client.get(`${runs}/chunks?status=failed`);
      expect(chunks.body.data).toMatchObject([
        { chunk: 3, first_row: 21, last_row: 30, records: 10, status: 'failed', created: 0, rejected: 0 },
      ]);
      expect(chunks.body.data[0].error).toMatch(/23514.*ck_test_fault/);
      const rows = (await recordsOf(client, flow.importId)).filter(({ fate }) => fate === 'pending');
      return { ...flow, run, runs, pending: rows.map(({ row_number }) => row_number) };
    }

    it('stop: what was committed stays, the rest is pending, the run says why, and a retry goes on from there', async () => {
      const { run, runs, pending } = await runWith('stop');
      expect(run.body).toMatchObject({
        status: 'failed',
        created: 20,
        pending: 30,
        chunks_done: 2,
        chunks_failed: 1,
      });
      expect(run.body.error).toMatch(/chunk 3/);
      expect(pending).toEqual(range(21, 50));
      expect(await links()).toEqual({ assets: 20, pairs: 20, pointing_assets: 20, pointing_records: 20 });
      await mend();
      const retried = await client.post(`${runs}/retry`);
      expect([retried.status, retried.body.status, retried.body.chunks_failed]).toEqual([202, 'queued', 0]);
      const ended = await waitFor('the end', async () => {
        const answer = await client.get(runs);
        return !LIVE.includes(answer.body.status as string) && answer;
      });
      expectWhole(ended);
      expect(ended.body).toMatchObject({ status: 'completed', created: 50, pending: 0, error: null });
      expect(await links()).toMatchObject({ assets: 50, pairs: 50 });
    });

    it('skip: the other chunks are committed, its own rows stay pending and can be run again alone', async () => {
      const { run, runs, pending, flowId } = await runWith('skip');
      expect(run.body).toMatchObject({
        status: 'completed_with_errors',
        created: 40,
        pending: 10,
        chunks_done: 4,
        chunks_failed: 1,
      });
      expect(pending).toEqual(range(21, 30));
      expect(await links()).toEqual({ assets: 40, pairs: 40, pointing_assets: 40, pointing_records: 40 });
      await mend();
      expect((await client.post(`${runs}/retry`)).status).toBe(202);
      const ended = await runEnd(client, flowId, run.body.id);
      expect(ended.body).toMatchObject({
        status: 'completed',
        created: 50,
        chunks_done: 5,
        chunks_failed: 0,
      });
      expectProblem(await client.post(`${runs}/retry`), 409);
    });
  });

  it.each([
    [
      'after a row that makes no asset',
      `Hostname,Rack\n,R\n${range(1, 40)
        .map((i) => `web-${i},R\n`)
        .join('')}`,
      1,
    ],
    ['of a small file', serversCsv(4), 0],
  ])('a database that refuses every asset %s rejects none of them for good', async (_what, csv, rejected) => {
    const { flowId } = await importAndFlow(client, csv);
    await service.sql.query(
      'ALTER TABLE migration.assets ADD CONSTRAINT ck_test_fault CHECK (false) NOT VALID',
    );
    mend = async () => {
      await service.sql.query('ALTER TABLE migration.assets DROP CONSTRAINT IF EXISTS ck_test_fault');
    };
    const failed = await runToEnd(client, flowId);
    expect(failed.body).toMatchObject({ status: 'failed', created: 0, rejected, chunks_failed: 1 });
    await mend();
    const path = `/discovery-flows/${flowId}/runs/${String(failed.body.id)}`;
    expect((await client.post(`${path}/retry`)).status).toBe(202);
    expect((await runEnd(client, flowId, failed.body.id)).body).toMatchObject({
      status: 'completed',
      pending: 0,
    });
  });

  it('retry: a fault that is not of the data is tried again as often as set, then the run stops', async () => {
    const { flowId } = await importAndFlow(client, serversCsv(50));
    // An index that cannot be computed: the statement is at fault, whatever the rows hold.
    await service.sql.query(`ALTER TABLE migration.assets RENAME COLUMN location TO elsewhere`);
    mend = async () => {
      await service.sql.query('ALTER TABLE migration.assets RENAME COLUMN elsewhere TO location');
    };
    const run = await runToEnd(client, flowId, { chunk_size: 10, failure_policy: 'retry' });
    expect(run.body).toMatchObject({ status: 'failed', created: 0, pending: 50, chunks_failed: 1 });
    const { body } = await client.get(`/discovery-flows/${flowId}/runs/${run.body.id}/chunks`);
    expect(body.pagination.total).toBe(5);
    expect(body.data[0]).toMatchObject({ chunk: 1, status: 'failed', attempts: 3 });
  });

  describe('over rows that the database refuses', () => {
    it.each(['stop', 'skip', 'retry'])(
      '%s: they alone are rejected, each with its reason',
      async (failure_policy) => {
        const { flowId, importId } = await importAndFlow(client, serversCsv(50));
        mend = await refuseAssetsNamed(service.sql, 'web-21', 'web-25', 'web-50');
        const run = await runToEnd(client, flowId, { chunk_size: 20, failure_policy });
        expectWhole(run);
        expect(run.body).toMatchObject({
          status: 'completed',
          created: 47,
          rejected: 3,
          chunks_done: 3,
          error: null,
        });
        const rejects = await client.get(`/data-imports/${importId}/rejects`);
        expect(rejects.body.data).toMatchObject(
          [21, 25, 50].map((row_number) => ({ row_number, error_code: 'refused_by_database' })),
        );
        expect(rejects.body.data[0].message).toMatch(/ck_test_fault/);
        expect(await links()).toEqual({ assets: 47, pairs: 47, pointing_assets: 47, pointing_records: 47 });
        const { body } = await client.get(`/data-imports/${importId}`);
        expect(body).toMatchObject({ processed_records: 50, progress_percentage: 100 });
      },
    );
  });

  it('two flows over one import take turns: beside a live run of the one, the other is 409', async () => {
    const { importId, flowId } = await importAndFlow(client, serversCsv(200));
    const other = await client.post('/discovery-flows', { flow_name: 'other', data_import_id: importId });
    const started = await Promise.all(
      [flowId, other.body.flow_id as string].map((id) =>
        client.post(`/discovery-flows/${id}/runs`, { chunk_size: 10 }),
      ),
    );
    expect(started.map(({ status }) => status).sort()).toEqual([202, 409]);
    const [winner, loser] =
      started[0]!.status === 202 ? [flowId, other.body.flow_id] : [other.body.flow_id, flowId];
    const run = started.find(({ status }) => status === 202)!;
    expect((await runEnd(client, winner, run.body.id)).body).toMatchObject({ created: 200, pending: 0 });
    expect((await runToEnd(client, loser)).body).toMatchObject({ total_records: 0, created: 0 });
    expect(await links()).toEqual({ assets: 200, pairs: 200, pointing_assets: 200, pointing_records: 200 });
  });
});
