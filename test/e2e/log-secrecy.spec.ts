import { ApiClient, newTenant } from '../support/api-client';
import { importAndFlow, runToEnd } from '../support/inventory';
import { expectProblem } from '../support/problem';
import { openProcessBench, type ProcessBench } from '../support/process-bench';
import type { ServiceProcess } from '../support/service-process';
import { waitFor } from '../support/wait-for';

/** Stands wherever a user's values, a file's cells and credentials may stand. */
const MARKER = 'zq7marker';
/** The database quotes the value in the message, in the detail and in the context of its errors. */
const RAISES: Record<string, string> = {
  '22P02': 'PERFORM quoted::uuid',
  '22001':
    'PERFORM quoted::char(3)::varchar; RAISE EXCEPTION USING ERRCODE = 22001, MESSAGE = quoted, DETAIL = quoted',
  P0001: "RAISE EXCEPTION 'row %', quoted USING DETAIL = quoted, HINT = quoted",
  '42501': "RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'not allowed', DETAIL = quoted",
};

describe('the log', () => {
  let bench: ProcessBench;
  let service: ServiceProcess;
  let client: ApiClient;
  beforeAll(async () => {
    bench = await openProcessBench();
    service = await bench.start({ LOG_LEVEL: 'trace', ASSET_CHUNK_MAX_RETRIES: '1' });
  });
  beforeEach(() => {
    client = new ApiClient(service.origin, newTenant());
  });
  afterAll(() => bench.close());

  /** Makes a table refuse rows of this test's tenant. */
  async function refuse(table: string, when: string, quoted: string, raise: string) {
    await bench.sql.query(`
      CREATE OR REPLACE FUNCTION migration.test_quote() RETURNS trigger LANGUAGE plpgsql AS
        $$ DECLARE quoted text := ${quoted}; BEGIN ${raise}; RETURN NEW; END $$;
      CREATE TRIGGER test_quote BEFORE INSERT OR UPDATE ON migration.${table} FOR EACH ROW
        WHEN (NEW.client_account_id = '${client.tenant.client_account_id}' AND ${when})
        EXECUTE FUNCTION migration.test_quote()`);
    return () => bench.sql.query(`DROP TRIGGER test_quote ON migration.${table}`);
  }
  const csv = (rows: number) =>
    `Hostname,IP Address,Rack\n${Array.from({ length: rows }, (_, i) => `${MARKER}-${i},10.0.0.${i},${MARKER}`).join('\n')}\n`;
  /** Asserts that the log says so, and holds no value. */
  async function expectSilent(said: RegExp): Promise<void> {
    await waitFor(`${String(said)} in the log`, () => Promise.resolve(said.test(service.output())));
    const leak = service.output().search(new RegExp(MARKER, 'i'));
    expect(leak === -1 ? null : service.output().slice(Math.max(0, leak - 500), leak + 50)).toBeNull();
  }

  it('holds no credential, no query and no header of a request', async () => {
    const headers = {
      authorization: `Bearer ${MARKER}`,
      cookie: `session=${MARKER}`,
      'x-api-key': MARKER,
      'idempotency-key': MARKER,
      'user-agent': MARKER,
      referer: `https://example.com/${MARKER}`,
    };
    const form = new FormData();
    form.set('file', new Blob([csv(2)]), `${MARKER}.csv`);
    const imported = await client.send('POST', `/data-imports?filename=${MARKER}`, form, headers);
    expect(imported.status).toBe(201);
    expectProblem(await client.get(`/data-imports?${MARKER}=${MARKER}`, headers), 400);
    expectProblem(await client.get('/data-imports', { ...headers, 'x-client-account-id': MARKER }), 400);
    expectProblem(
      await client.send('POST', '/discovery-flows', `{"${MARKER}`, { 'content-type': 'application/json' }),
      400,
    );
    expectProblem(await client.post('/discovery-flows', { flow_name: 'a', [MARKER]: MARKER }), 400);
    expectProblem(await client.upload(`${MARKER}.xlsx`, `PK\u0003\u0004${MARKER}`), 422);
    await expectSilent(/"path":"\/api\/v1\/data-imports".*"status":422/);
    // Each line of a request carries its id.
    const stored = /.*"msg":"import stored".*/.exec(service.output())?.[0];
    expect(JSON.parse(stored!)).toMatchObject({ req: { id: imported.headers.get('x-request-id') } });
  });

  it.each(Object.keys(RAISES))('quotes no cell of a row that the database refuses with %s', async (code) => {
    const { flowId } = await importAndFlow(client, csv(3));
    const mend = await refuse('assets', `NEW.name LIKE '${MARKER}%'`, 'NEW.name', RAISES[code]!);
    const { body } = await runToEnd(client, flowId, { failure_policy: 'stop' });
    expect(body.created).toBe(0);
    expect(JSON.stringify(body)).not.toContain(MARKER);
    const discovered_assets = [{ name: `${MARKER}-item`, asset_type: 'server' }];
    expectProblem(await client.post(`/discovery-flows/${flowId}/assets`, { discovered_assets }), 500);
    await mend();
    await expectSilent(new RegExp(`"code":"${code}"`));
  });

  it('quotes no line of a COPY that fails, and nothing of a body', async () => {
    const when = `NEW.raw_data ? 'Hostname'`;
    const mend = await refuse('raw_import_records', when, `NEW.raw_data::text`, RAISES['22P02']!);
    expectProblem(await client.upload(`${MARKER}.csv`, csv(2)), 500);
    await mend();
    const mendFlows = await refuse('discovery_flows', 'true', 'NEW.flow_name', RAISES['22P02']!);
    expectProblem(await client.post('/discovery-flows', { flow_name: MARKER }), 500);
    await mendFlows();
    await expectSilent(/unexpected error/);
  });

  it('tells of a job that failed without quoting why, and neither does the queue', async () => {
    const { flowId } = await importAndFlow(client, csv(2));
    const mend = await refuse('discovery_runs', `NEW.status = 'completed'`, `'${MARKER}'`, RAISES['22P02']!);
    await client.post(`/discovery-flows/${flowId}/runs`, {});
    await expectSilent(/Failed task/);
    // The queue logs the failure before it stores it.
    const last_error = await waitFor('the error of the job in the queue', async () => {
      const { rows } = await bench.sql.query<{ last_error: string }>(
        'SELECT last_error FROM graphile_worker.jobs WHERE last_error IS NOT NULL',
      );
      return rows[0]?.last_error;
    });
    expect(last_error).toContain('22P02');
    expect(last_error).not.toContain(MARKER);
    await mend();
  });
});
