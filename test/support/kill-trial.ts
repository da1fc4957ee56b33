import { ApiClient, newTenant } from './api-client';
import { type EndState, expectSameEnd, expectSound, fingerprint, readEndState } from './end-state';
import { importAndFlow, runEnd, runToEnd } from './inventory';
import { KILL_RUN, type KillPoint, killThere } from './kill-points';
import { openProcessBench, type ProcessBench } from './process-bench';
import type { ServiceProcess } from './service-process';

/** One database on which processes are killed one after the other, beside a tenant whose run nobody disturbed. */
export class KillTrial {
  private constructor(
    private readonly bench: ProcessBench,
    private service: ServiceProcess,
    private readonly undisturbed: { tenant: ApiClient['tenant']; end: EndState; fingerprint: string },
  ) {}

  static async open(): Promise<KillTrial> {
    const bench = await openProcessBench();
    const service = await bench.start();
    const client = new ApiClient(service.origin, newTenant());
    const { flowId } = await importAndFlow(client, KILL_RUN.csv);
    const { body } = await runToEnd(client, flowId, KILL_RUN.options);
    expect(body).toMatchObject({
      status: 'completed',
      chunks_done: KILL_RUN.chunks,
      rejected: 5,
      pending: 0,
    });
    const { tenant } = client;
    return new KillTrial(bench, service, {
      tenant,
      end: await readEndState(bench.sql, tenant),
      fingerprint: await fingerprint(bench.sql, tenant),
    });
  }

  /** Kills the process at the point; the next one must end the run as if nothing had been. */
  async kill(point: KillPoint, { leaseRunsOut = false } = {}): Promise<void> {
    const { sql } = this.bench;
    const client = new ApiClient(this.service.origin, newTenant());
    const { flowId } = await importAndFlow(client, KILL_RUN.csv);
    const stop = await point.trap(this.bench.databaseUrl);
    const run = (await client.post(`/discovery-flows/${flowId}/runs`, KILL_RUN.options)).body;
    await killThere(this.bench, this.service, point, stop);

    const durable = await this.chunks(run.id);
    expect(durable.map(({ chunk, status }) => `${chunk} ${status}`)).toEqual(
      durable.map(({ chunk }) => `${chunk} ${chunk <= point.durable ? 'committed' : 'pending'}`),
    );
    const { records } = await readEndState(sql, client.tenant);
    const decided = records.filter(
      ({ is_valid, is_processed }) => is_valid === true && is_processed === true,
    );
    expect(decided).toHaveLength(point.durable * KILL_RUN.options.chunk_size);

    // What the passing of 20 seconds does.
    if (!leaseRunsOut) {
      await sql.query(
        `UPDATE migration.discovery_runs SET lease_expires_at = now() - interval '1 second' WHERE id = $1`,
        [run.id],
      );
    }
    this.service = await this.bench.start();
    const next = new ApiClient(this.service.origin, client.tenant);
    await runEnd(next, flowId, run.id, 60_000);
    expectSameEnd(await readEndState(sql, client.tenant), this.undisturbed.end);
    await expectSound(sql, next);
    expect((await this.chunks(run.id)).map(({ attempts }) => attempts)).toEqual(durable.map(() => 1));
    expect(await fingerprint(sql, this.undisturbed.tenant)).toBe(this.undisturbed.fingerprint);
  }

  close(): Promise<void> {
    return this.bench.close();
  }

  private async chunks(runId: string): Promise<{ chunk: number; status: string; attempts: number }[]> {
    const { rows } = await this.bench.sql.query(
      `SELECT chunk, status, attempts FROM migration.discovery_run_chunks WHERE run_id = $1 ORDER BY chunk`,
      [runId],
    );
    return rows;
  }
}
