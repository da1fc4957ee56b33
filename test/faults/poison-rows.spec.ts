import { ApiClient, newTenant } from '../support/api-client';
import { expectSameEnd, expectSound, readEndState } from '../support/end-state';
import { refuseAssetsNamed } from '../support/fault';
import { importAndFlow, recordsOf, runEnd, runToEnd, serversCsv } from '../support/inventory';
import { openProcessBench, type ProcessBench } from '../support/process-bench';
import { stopAt } from '../support/stop-point';

const RUN = { csv: serversCsv(60), options: { chunk_size: 30 } };
/** The whole second half of chunk 1 among them. */
const POISON_ROWS = [3, ...Array.from({ length: 15 }, (_, i) => 16 + i), 60];

describe('24: poison rows', () => {
  let bench: ProcessBench;
  beforeAll(async () => {
    bench = await openProcessBench();
  });
  afterAll(() => bench.close());

  it('are rejected alone and with the reason, also when the process is killed while it looks for them', async () => {
    const { sql, databaseUrl } = bench;
    await refuseAssetsNamed(sql, ...POISON_ROWS.map((row) => `web-${row}`));
    const first = await bench.start();
    const calm = new ApiClient(first.origin, newTenant());
    const undisturbed = await importAndFlow(calm, RUN.csv);
    const calmEnd = await runToEnd(calm, undisturbed.flowId, RUN.options);
    expect(calmEnd.body).toMatchObject({
      status: 'completed',
      created: 43,
      rejected: 17,
      chunks_done: 2,
      error: null,
    });
    const rejected = (await recordsOf(calm, undisturbed.importId)).filter(({ fate }) => fate === 'rejected');
    expect(rejected.map(({ row_number }) => row_number)).toEqual(POISON_ROWS);
    for (const { processing_notes } of rejected) expect(processing_notes).toMatch(/23514.*ck_test_fault/);
    await expectSound(sql, calm);

    const tenant = newTenant();
    const client = new ApiClient(first.origin, tenant);
    const { flowId } = await importAndFlow(client, RUN.csv);
    // What can be stored of the chunk is by then, and nothing but poison is left for the next process.
    const stop = await stopAt(databaseUrl, {
      event: 'BEFORE INSERT ON migration.assets',
      when: `NEW.name = 'web-17' AND NEW.client_account_id = '${tenant.client_account_id}'`,
    });
    const run = (await client.post(`/discovery-flows/${flowId}/runs`, RUN.options)).body;
    await stop.reached();
    await first.kill();
    await stop.release();
    await bench.allGone();
    await sql.query(
      `UPDATE migration.discovery_runs SET lease_expires_at = now() - interval '1 second' WHERE id = $1`,
      [run.id],
    );
    const second = new ApiClient((await bench.start()).origin, tenant);
    expect((await runEnd(second, flowId, run.id)).body).toMatchObject({ status: 'completed', rejected: 17 });
    expectSameEnd(await readEndState(sql, tenant), await readEndState(sql, calm.tenant));
    await expectSound(sql, second);
  });
});
