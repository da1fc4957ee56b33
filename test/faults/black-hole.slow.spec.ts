import { ApiClient, newTenant } from '../support/api-client';
import { expectUndisturbed } from '../support/end-state';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { openProcessBench, type ProcessBench } from '../support/process-bench';
import { stopAt } from '../support/stop-point';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { waitFor } from '../support/wait-for';

const RUN = { csv: serversCsv(60), options: { chunk_size: 10 } };

describe('5: the network swallows everything between the service and its database', () => {
  let bench: ProcessBench;
  let proxy: TcpProxy;
  beforeEach(async () => {
    bench = await openProcessBench();
    proxy = await startTcpProxy(bench.databaseUrl);
  });
  afterEach(async () => {
    proxy.mend();
    await bench.close();
    await proxy.close();
  });

  /** A service behind the proxy, in the middle of chunk 3 of 6. */
  async function inChunk3() {
    const service = await bench.start({ DATABASE_URL: proxy.url });
    const client = new ApiClient(service.origin, newTenant());
    const { flowId } = await importAndFlow(client, RUN.csv);
    const stop = await stopAt(bench.databaseUrl, {
      event: 'BEFORE INSERT ON migration.assets',
      when: `NEW.name = 'web-26'`,
    });
    const { id } = (await client.post(`/discovery-flows/${flowId}/runs`, RUN.options)).body;
    await stop.reached();
    return { service, client, flowId, runId: id as string, stop };
  }
  const ledger = async (runId: string) => {
    const { rows } = await bench.sql.query(
      'SELECT status, chunks_done, lease_owner, attempt FROM migration.discovery_runs WHERE id = $1',
      [runId],
    );
    return rows[0] as { status: string; chunks_done: number; lease_owner: string | null; attempt: number };
  };

  it('for a while: the wait ends by its time limit, and the holder goes on itself', async () => {
    const { client, flowId, runId, stop } = await inChunk3();
    const before = await ledger(runId);
    proxy.blackHole();
    await stop.release();
    expect((await client.get('/health/live')).status).toBe(200);
    expect((await client.get('/health/ready')).status).toBe(503);
    expect((await client.get('/health/wiring?refresh=true')).body.health_status).toBe('unknown');
    proxy.mend({ held: 'lost' });
    await waitFor('readiness', async () => (await client.get('/health/ready')).status === 200);
    const ended = await runEnd(client, flowId, runId, 60_000);
    expect(ended.body).toMatchObject({ status: 'completed', created: 60, chunks_done: 6, chunks_failed: 0 });
    expect((await ledger(runId)).attempt).toBeGreaterThanOrEqual(before.attempt);
    await expectUndisturbed(bench.sql, client, new ApiClient(client.origin, newTenant()), RUN);
  }, 120_000);

  it('for long: the lease runs out, another process ends the run, and the first is fenced off when it wakes', async () => {
    const { service, client, flowId, runId, stop } = await inChunk3();
    const before = await ledger(runId);
    proxy.blackHole();
    await stop.release();
    const other = new ApiClient((await bench.start()).origin, client.tenant);
    const ended = await runEnd(other, flowId, runId, 90_000);
    expect(ended.body).toMatchObject({ status: 'completed', created: 60, chunks_done: 6, chunks_failed: 0 });
    const after = await ledger(runId);
    expect(after.attempt).toBeGreaterThan(before.attempt);
    // Everything that the first had sent arrives now, and it answers as if nothing had been.
    proxy.mend();
    await waitFor('readiness', async () => (await client.get('/health/ready')).status === 200);
    expect((await client.get(`/discovery-flows/${flowId}/runs/${runId}`)).body).toEqual(ended.body);
    expect(await ledger(runId)).toEqual(after);
    await expectUndisturbed(bench.sql, client, new ApiClient(other.origin, newTenant()), RUN);
    expect(await service.terminate()).toBe(0);
  }, 150_000);

  it('or the process itself is frozen: its locks are taken from it, and when it wakes it is fenced off', async () => {
    const { service, client, flowId, runId, stop } = await inChunk3();
    service.child.kill('SIGSTOP');
    await stop.release();
    const other = new ApiClient((await bench.start()).origin, client.tenant);
    const ended = await runEnd(other, flowId, runId, 90_000);
    expect(ended.body).toMatchObject({ status: 'completed', created: 60, chunks_done: 6, chunks_failed: 0 });
    const after = await ledger(runId);
    service.child.kill('SIGCONT');
    await waitFor('readiness', async () => (await client.get('/health/ready')).status === 200);
    expect(await ledger(runId)).toEqual(after);
    await expectUndisturbed(bench.sql, client, new ApiClient(other.origin, newTenant()), RUN);
    expect(await service.terminate()).toBe(0);
  }, 150_000);
});
