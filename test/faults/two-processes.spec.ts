import { ApiClient, newTenant } from '../support/api-client';
import { expectUndisturbed } from '../support/end-state';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { openProcessBench, type ProcessBench } from '../support/process-bench';
import { expectProblem } from '../support/problem';
import { stopAt } from '../support/stop-point';
import { waitFor } from '../support/wait-for';

const RUN = { csv: serversCsv(60), options: { chunk_size: 10 } };

describe('11: two processes and one run', () => {
  let bench: ProcessBench;
  beforeAll(async () => {
    bench = await openProcessBench();
  });
  afterAll(() => bench.close());

  it('one works on it, the other is turned away, and takes over when the first is killed', async () => {
    const { sql, databaseUrl } = bench;
    const first = await bench.start();
    const tenant = newTenant();
    const client = new ApiClient(first.origin, tenant);
    const { flowId } = await importAndFlow(client, RUN.csv);
    const stopAtServer = (name: string) =>
      stopAt(databaseUrl, { event: 'BEFORE INSERT ON migration.assets', when: `NEW.name = '${name}'` });
    const [inTwo, inFive, atBusy] = [
      await stopAtServer('web-15'),
      await stopAtServer('web-45'),
      await stopAtServer('app-1'),
    ];
    const run = (await client.post(`/discovery-flows/${flowId}/runs`, RUN.options)).body;
    await inTwo.reached();
    const held = await lease(run.id);

    const busy = new ApiClient(first.origin, newTenant());
    const { flowId: busyFlow } = await importAndFlow(busy, serversCsv(1, { prefix: 'app' }));
    await busy.post(`/discovery-flows/${busyFlow}/runs`);
    await atBusy.reached();

    const second = await bench.start();
    const other = new ApiClient(second.origin, tenant);
    expectProblem(await other.post(`/discovery-flows/${flowId}/runs`), 409);
    // The first has both hands full, so the second gets the job, and must leave the run alone.
    await sql.query(`SELECT graphile_worker.add_job('advance_run', payload := $1, job_key := 'test')`, [
      JSON.stringify({ ...tenant, run_id: run.id }),
    ]);
    await waitFor('the job to be taken and done', async () => {
      const { rowCount } = await sql.query(`SELECT FROM graphile_worker.jobs WHERE key = 'test'`);
      return rowCount === 0;
    });
    expect(await lease(run.id)).toEqual(held);

    await inTwo.release();
    await inFive.reached();
    await first.kill();
    await Promise.all([inFive.release(), atBusy.release()]);
    await sql.query(
      `UPDATE migration.discovery_runs SET lease_expires_at = now() - interval '1 second' WHERE id = $1`,
      [run.id],
    );
    const ended = (await runEnd(other, flowId, run.id)).body;
    expect(ended).toMatchObject({ status: 'completed', created: 60, chunks_done: 6, chunks_failed: 0 });
    expect((await lease(run.id)).attempt).toBeGreaterThan(held.attempt);
    const { rows } = await sql.query(
      'SELECT count(*)::int AS once FROM migration.discovery_run_chunks WHERE run_id = $1 AND attempts = 1',
      [run.id],
    );
    expect(rows[0].once).toBe(6);
    await expectUndisturbed(sql, other, new ApiClient(second.origin, newTenant()), RUN);
  });

  async function lease(runId: string): Promise<{ lease_owner: string; attempt: number }> {
    const { rows } = await bench.sql.query(
      'SELECT lease_owner, attempt FROM migration.discovery_runs WHERE id = $1',
      [runId],
    );
    return rows[0];
  }
});
