import { once } from 'node:events';
import { ApiClient, newTenant } from '../support/api-client';
import { expectUndisturbed } from '../support/end-state';
import { refuseAssetsNamed } from '../support/fault';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { openProcessBench, type ProcessBench } from '../support/process-bench';
import { stopAt } from '../support/stop-point';
import { waitFor } from '../support/wait-for';

const RUN = { csv: serversCsv(60), options: { chunk_size: 10 } };

describe('12: SIGTERM in the middle of a run', () => {
  let bench: ProcessBench;
  beforeAll(async () => {
    bench = await openProcessBench();
  });
  afterAll(() => bench.close());

  it('readiness fails first, the chunk under way ends, the next process has the run at once', async () => {
    const tenant = newTenant();
    const first = await bench.start();
    const client = new ApiClient(first.origin, tenant);
    const { flowId } = await importAndFlow(client, RUN.csv);
    const stop = await stopAt(bench.databaseUrl, {
      event: 'BEFORE INSERT ON migration.assets',
      when: `NEW.name = 'web-25'`,
    });
    const run = (await client.post(`/discovery-flows/${flowId}/runs`, RUN.options)).body;
    await stop.reached();

    const asked = performance.now();
    const exit = once(first.child, 'exit');
    first.child.kill('SIGTERM');
    // The chunk stands still in the database, and load balancers hear of the shutdown all the same.
    await waitFor('readiness to fail', async () => {
      const { status, body } = await client.get('/health/ready');
      return status === 503 && body.stopping === true;
    });
    expect((await client.get('/health/live')).status).toBe(200);
    await stop.release();
    expect(await exit).toEqual([0, null]);
    expect(performance.now() - asked).toBeLessThan(15_000);

    const { rows } = await bench.sql.query(
      'SELECT status, chunks_done, lease_owner FROM migration.discovery_runs WHERE id = $1',
      [run.id],
    );
    expect(rows).toEqual([{ status: 'running', chunks_done: 3, lease_owner: null }]);

    const second = await bench.start();
    const again = new ApiClient(second.origin, tenant);
    // Less than a lease: the first process gave the run back instead of letting its lease run out.
    const ended = (await runEnd(again, flowId, run.id, 15_000)).body;
    expect(ended).toMatchObject({ status: 'completed', created: 60, pending: 0, chunks_failed: 0 });
    await expectUndisturbed(bench.sql, again, new ApiClient(second.origin, newTenant()), RUN);
    expect(await second.terminate()).toBe(0);
  });

  it('a chunk that fails meanwhile does not end its run: the next process sees to it', async () => {
    const tenant = newTenant();
    const first = await bench.start();
    const client = new ApiClient(first.origin, tenant);
    const { flowId } = await importAndFlow(client, RUN.csv);
    const stop = await stopAt(bench.databaseUrl, {
      event: 'BEFORE INSERT ON migration.assets',
      when: `NEW.name = 'web-35'`,
    });
    const mend = await refuseAssetsNamed(bench.sql, 'web-38');
    const run = (await client.post(`/discovery-flows/${flowId}/runs`, RUN.options)).body;
    await stop.reached();
    const exit = once(first.child, 'exit');
    first.child.kill('SIGTERM');
    await waitFor(
      'readiness to fail',
      async () => (await client.get('/health/ready')).body.stopping === true,
    );
    await stop.release();
    expect(await exit).toEqual([0, null]);
    const { rows } = await bench.sql.query(
      'SELECT status, chunks_done, chunks_failed, lease_owner FROM migration.discovery_runs WHERE id = $1',
      [run.id],
    );
    expect(rows).toEqual([{ status: 'running', chunks_done: 3, chunks_failed: 0, lease_owner: null }]);

    const again = new ApiClient((await bench.start()).origin, tenant);
    const ended = (await runEnd(again, flowId, run.id, 15_000)).body;
    expect(ended).toMatchObject({ status: 'completed', created: 59, rejected: 1, chunks_failed: 0 });
    await mend();
  });
});
