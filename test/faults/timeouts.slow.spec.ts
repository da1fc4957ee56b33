import { expectUndisturbed } from '../support/end-state';
import { importAndFlow, runEnd, runToEnd, serversCsv } from '../support/inventory';
import { stopAt } from '../support/stop-point';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

const RUN = { csv: serversCsv(40), options: { chunk_size: 20 } };

describe('8: a chunk takes too long', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  it('for its number of rows: it is tried once more, and then in halves', async () => {
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, RUN.csv);
    // A server so slow that it inserts ten rows within the limit of a statement, and twenty do not fit.
    await service.sql.query(`
      CREATE FUNCTION migration.slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$;
      CREATE TRIGGER slow BEFORE INSERT ON migration.assets
        FOR EACH ROW WHEN (NEW.name ~ '^web-([1-9]|1[0-9]|20)$') EXECUTE FUNCTION migration.slow()`);
    const run = (await client.post(`/discovery-flows/${flowId}/runs`, RUN.options)).body;
    const ended = await runEnd(client, flowId, run.id, 45_000);
    await service.sql.query('DROP TRIGGER slow ON migration.assets');
    expect(ended.body).toMatchObject({ status: 'completed', created: 40, rejected: 0, chunks_done: 2 });
    const { body } = await client.get(`/discovery-flows/${flowId}/runs/${run.id}/chunks`);
    expect(body.data[0]).toMatchObject({ chunk: 1, status: 'committed', created: 20 });
    // Twice as a whole and two halves, and the step that ends the chunk.
    const { rows } = await service.sql.query<{ transactions: number }>(
      `SELECT count(DISTINCT a.xmin::text)::int AS transactions FROM migration.assets a
        WHERE a.client_account_id = $1 AND a.name ~ '^web-([1-9]|1[0-9]|20)$'`,
      [client.tenant.client_account_id],
    );
    expect(rows[0]!.transactions).toBe(2);
    await expectUndisturbed(service.sql, client, service.newClient(), RUN);
  }, 90_000);

  it('because somebody holds a lock for a while: it is tried again', async () => {
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, RUN.csv);
    const stop = await stopAt(service.databaseUrl, {
      event: 'BEFORE UPDATE ON migration.raw_import_records',
      when: `NEW.processing_notes = 'by hand'`,
    });
    // A person with psql in the middle of a transaction over row 30.
    const byHand = service.sql.query(
      `UPDATE migration.raw_import_records SET processing_notes = 'by hand'
        WHERE client_account_id = $1 AND row_number IN (30, 31)`,
      [client.tenant.client_account_id],
    );
    await stop.reached();
    const observer = service.newClient();
    const run = (await client.post(`/discovery-flows/${flowId}/runs`, RUN.options)).body;
    await waitFor('chunk 1', async () => {
      const { body } = await client.get(`/discovery-flows/${flowId}/runs/${run.id}`);
      return body.chunks_done === 1;
    });
    expect((await observer.get('/data-imports')).status).toBe(200);
    await stop.release();
    await byHand;
    const ended = await runEnd(client, flowId, run.id);
    expect(ended.body).toMatchObject({ status: 'completed', created: 40, chunks_failed: 0 });
    await expectUndisturbed(service.sql, client, service.newClient(), RUN);
  });

  it('though it has one row only: that is not the row’s fault, the chunk fails and can be tried again', async () => {
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, serversCsv(1));
    await service.sql.query(`
      CREATE TRIGGER slow BEFORE INSERT ON migration.assets
        FOR EACH ROW EXECUTE FUNCTION migration.slow();
      CREATE OR REPLACE FUNCTION migration.slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(10); RETURN NEW; END $$`);
    const ended = await runToEnd(client, flowId);
    await service.sql.query('DROP TRIGGER slow ON migration.assets');
    expect(ended.body).toMatchObject({
      status: 'failed',
      created: 0,
      rejected: 0,
      pending: 1,
      chunks_failed: 1,
    });
    expect(ended.body.error).toMatch(/57014/);
    const path = `/discovery-flows/${flowId}/runs/${String(ended.body.id)}`;
    expect((await client.post(`${path}/retry`)).status).toBe(202);
    expect((await runEnd(client, flowId, ended.body.id)).body).toMatchObject({
      status: 'completed',
      created: 1,
    });
  });
});
