import { Client } from 'pg';
import type { Answer, ApiClient } from '../support/api-client';
import { countLinks, refuseAssetsNamed } from '../support/fault';
import { importAndFlow, recordsOf, runEnd, runToEnd, serversCsv } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

describe('a run', () => {
  let service: TestService;
  let client: ApiClient;
  let holder: Client;
  beforeAll(async () => {
    service = await startTestService();
    // Row 25 waits in its insert for as long as the test holds the lock.
    await service.sql.query(`
      CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NEW; END $$;
      CREATE TRIGGER wait_for_test BEFORE INSERT ON migration.assets
        FOR EACH ROW WHEN (NEW.name = 'web-25') EXECUTE FUNCTION wait_for_test()`);
    holder = new Client({ connectionString: service.databaseUrl });
    await holder.connect();
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterEach(() => holder.query('SELECT pg_advisory_unlock_all()'));
  afterAll(async () => {
    await holder.end();
    await service.stop();
  });

  /** A run of five chunks whose third is under way and waits. */
  async function inItsThirdChunk(options: object = {}) {
    await holder.query('SELECT pg_advisory_lock(4711)');
    const flow = await importAndFlow(client, serversCsv(50));
    const started = await client.post(`/discovery-flows/${flow.flowId}/runs`, { chunk_size: 10, ...options });
    const path = `/discovery-flows/${flow.flowId}/runs/${String(started.body.id)}`;
    await waitFor('the third chunk', async () => {
      const { rowCount } = await service.sql.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 4711
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return (rowCount ?? 0) > 0;
    });
    return { ...flow, path, runId: started.body.id as string };
  }
  const letGo = () => holder.query('SELECT pg_advisory_unlock(4711)');
  const become = (path: string, status: string): Promise<Answer> =>
    waitFor(`the run to be ${status}`, async () => {
      const answer = await client.get(path);
      return answer.body.status === status && answer;
    });
  const flowStatus = async (flowId: string) => {
    const { body } = await client.get(`/discovery-flows/${flowId}`);
    const { rows } = await service.sql.query<{ flow_status: string }>(
      'SELECT flow_status FROM migration.crewai_flow_state_extensions WHERE flow_id = $1',
      [body.master_flow_id],
    );
    expect(rows[0]!.flow_status).toBe(body.status);
    return body.status as string;
  };

  it('pauses when the chunk under way has ended, keeps what it has, and goes on from there', async () => {
    const { path, flowId, runId, importId } = await inItsThirdChunk();
    const asked = await client.post(`${path}/pause`);
    expect([asked.status, asked.body.status, asked.body.requested]).toEqual([202, 'running', 'pause']);
    await letGo();
    const paused = await become(path, 'paused');
    expect(paused.body).toMatchObject({
      created: 30,
      pending: 20,
      chunks_done: 3,
      requested: null,
      finished_at: null,
    });
    expect(await flowStatus(flowId)).toBe('paused');
    // It is live still: nobody else may take its rows, and asking again does no harm.
    expectProblem(await client.post(`/discovery-flows/${flowId}/runs`, {}), 409);
    expect((await client.post(`${path}/pause`)).body.status).toBe('paused');
    expectProblem(await client.post(`${path}/retry`), 409);

    const resumed = await client.post(`${path}/resume`);
    expect([resumed.status, resumed.body.status]).toEqual([202, 'queued']);
    const ended = await runEnd(client, flowId, runId);
    expect(ended.body).toMatchObject({ status: 'completed', created: 50, pending: 0, chunks_done: 5 });
    expect((await recordsOf(client, importId)).every(({ fate }) => fate === 'created')).toBe(true);
    expect(await countLinks(service.sql, client.tenant.client_account_id)).toMatchObject({
      assets: 50,
      pairs: 50,
    });
    expect(await flowStatus(flowId)).toBe('completed');
    expect((await client.get('/health/wiring?refresh=true')).body.health_status).toBe('healthy');
  });

  it('is cancelled when the chunk under way has ended, and its other rows stay for another run', async () => {
    const { path, flowId, importId } = await inItsThirdChunk();
    expect((await client.post(`${path}/cancel`)).body.requested).toBe('cancel');
    expectProblem(await client.post(`${path}/resume`), 409);
    await letGo();
    const cancelled = await become(path, 'cancelled');
    expect(cancelled.body).toMatchObject({ created: 30, pending: 20, finished_at: expect.any(String) });
    expect(await flowStatus(flowId)).toBe('active');
    expect((await client.post(`${path}/cancel`)).status).toBe(202);
    for (const action of ['pause', 'resume', 'retry'])
      expectProblem(await client.post(`${path}/${action}`), 409);
    const next = await runToEnd(client, flowId);
    expect(next.body).toMatchObject({ status: 'completed', total_records: 20, created: 20 });
    expect((await recordsOf(client, importId)).every(({ fate }) => fate === 'created')).toBe(true);
  });

  it('goes on when a pause is taken back before it took effect', async () => {
    const { path, flowId, runId } = await inItsThirdChunk();
    await client.post(`${path}/pause`);
    expect((await client.post(`${path}/resume`)).body.requested).toBeNull();
    await letGo();
    expect((await runEnd(client, flowId, runId)).body).toMatchObject({ status: 'completed', created: 50 });
  });

  it('can be cancelled while it is paused, and paused while nobody works on it', async () => {
    const { path } = await inItsThirdChunk();
    await client.post(`${path}/pause`);
    await letGo();
    await become(path, 'paused');
    expect((await client.post(`${path}/cancel`)).body).toMatchObject({ status: 'cancelled', pending: 20 });

    client = service.newClient();
    const other = await inItsThirdChunk();
    // Its holder has fallen silent: there is nobody to ask.
    await service.sql.query(
      `UPDATE migration.discovery_runs SET lease_expires_at = now() - interval '1 s', attempt = attempt + 1
        WHERE id = $1`,
      [other.runId],
    );
    expect((await client.post(`${other.path}/pause`)).body).toMatchObject({
      status: 'paused',
      requested: null,
    });
    await letGo();
    // What the silent holder still had to write is refused.
    expect((await become(other.path, 'paused')).body).toMatchObject({ created: 20, pending: 30 });
  });

  it.each([
    ['pause', 'paused'],
    ['cancel', 'cancelled'],
  ])('hears of a %s also when the chunk under way fails', async (action, status) => {
    const { path } = await inItsThirdChunk({ failure_policy: 'skip' });
    expect((await client.post(`${path}/${action}`)).body.requested).toBe(action);
    const mend = await refuseAssetsNamed(
      service.sql,
      ...Array.from({ length: 10 }, (_, i) => `web-${21 + i}`),
    );
    await letGo();
    expect((await become(path, status)).body).toMatchObject({ created: 20, chunks_failed: 1, pending: 30 });
    await mend();
  });

  it.each([
    ['pause', 'paused'],
    ['cancel', 'cancelled'],
  ])('hears of a %s also when the disk is full', async (action, status) => {
    const { path } = await inItsThirdChunk();
    expect((await client.post(`${path}/${action}`)).body.requested).toBe(action);
    await service.sql.query(`
      CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER no_room BEFORE UPDATE ON migration.raw_import_records
        FOR EACH ROW WHEN (NEW.row_number = 25) EXECUTE FUNCTION no_room()`);
    await letGo();
    const settled = await become(path, status);
    expect(settled.body).toMatchObject({ created: 20, pending: 30, requested: null, error: null });
    await service.sql.query('DROP TRIGGER no_room ON migration.raw_import_records');
  });

  it('takes no properties with what is asked of it', async () => {
    const { path } = await inItsThirdChunk();
    for (const action of ['pause', 'resume', 'cancel', 'retry']) {
      expectProblem(await client.post(`${path}/${action}`, { at_once: true }), 400, ['at_once']);
    }
    expect((await client.get(path)).body.requested).toBeNull();
    await letGo();
    await become(path, 'completed');
  });

  it('ends as failed when it was taken over again and again and no chunk came to its end', async () => {
    const { path, flowId, runId } = await inItsThirdChunk();
    // As if twenty processes had died of it, the last one holding it: this one must not renew what it has.
    await service.sql.query(
      `UPDATE migration.discovery_runs
          SET stalls = 20, lease_owner = gen_random_uuid(), lease_expires_at = now() - interval '1 s' WHERE id = $1`,
      [runId],
    );
    const failed = await become(path, 'failed');
    expect(failed.body).toMatchObject({
      created: 20,
      pending: 30,
      error: expect.stringMatching(/20 attempts/),
    });
    await letGo();
    expect((await runToEnd(client, flowId)).body).toMatchObject({ status: 'completed', created: 30 });
    expect((await client.get(path)).body).toEqual(failed.body);
  });

  it('that has ended can be asked for nothing', async () => {
    const { flowId } = await importAndFlow(client, serversCsv(3));
    const { body } = await runToEnd(client, flowId);
    for (const action of ['pause', 'resume', 'cancel', 'retry']) {
      expectProblem(await client.post(`/discovery-flows/${flowId}/runs/${String(body.id)}/${action}`), 409);
    }
    const list = await client.get(`/discovery-flows/${flowId}/runs`);
    expect(list.body.pagination.total).toBe(1);
    expect(list.body.data[0]).toEqual(body);
  });

  it('is another flow’s under another flow, and another tenant’s to nobody else', async () => {
    const mine = await importAndFlow(client, serversCsv(3));
    const { body } = await runToEnd(client, mine.flowId);
    const other = await importAndFlow(client, serversCsv(3));
    for (const action of ['pause', 'resume', 'cancel', 'retry']) {
      expectProblem(
        await client.post(`/discovery-flows/${other.flowId}/runs/${String(body.id)}/${action}`),
        404,
      );
    }
  });
});
