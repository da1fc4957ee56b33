import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { databaseErrorKind } from '../database/database-error-kind';
import { refreshYoungStatistics } from '../database/refresh-statistics';
import { TenantDatabase } from '../database/tenant-database';
import { compileRowMapper } from '../field-mapping/map-row';
import type { SourceProfile } from '../field-mapping/source-profile';
import { DataImport } from '../raw-imports/data-import.entity';
import { profileOf, SOURCE_PROFILES } from '../source-profiles/source-profiles';
import type { Tenant } from '../tenancy/tenant';
import { type ChunkEnd, ChunkRunner, type RunWork } from './chunk-runner.service';
import { describeFailure } from '../errors/describe-failure';
import { DiscoveryFlow } from './discovery-flow.entity';
import { DiscoveryRun } from './discovery-run.entity';
import { endRun } from './end-run';
import { type Lease, LEASE_OWNER, LeaseLostError } from './lease';
import { mappingsInFileOrder } from './mappings-in-file-order';
import { acquireLease } from './queries/acquire-lease';
import { enqueueRun } from './queries/enqueue-run';
import { failChunk } from './queries/fail-chunk';
import { type Chunk, findNextChunks } from './queries/find-next-chunks';
import { getMasterFlowId } from './queries/get-master-flow-id';
import { listSampleRows } from './queries/list-sample-rows';
import { renewLease } from './queries/renew-lease';
import { settleRun } from './queries/settle-run';
import { stopRun } from './stop-run';

/** A slice ends after this time, so that runs share the workers and a shutdown waits for a chunk only. */
const SLICE_MS = 3_000;
/** Take-overs of a run without a single chunk decided: whoever takes it next would die of it as well. */
const MAX_STALLS = 20;
/** Somebody may have made room on the disk by then. */
const DISK_FULL_PAUSE_MS = 30_000;

/** Advances runs, a bounded slice at a time. */
@Injectable()
export class RunExecutor {
  private readonly logger = new Logger(RunExecutor.name);
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly database: TenantDatabase,
    private readonly dataSource: DataSource,
    private readonly chunks: ChunkRunner,
    @Inject(SOURCE_PROFILES) private readonly profiles: readonly SourceProfile[],
  ) {}

  /**
   * Advances the run by a slice, after the one that this process has under way, if it has: a job of the next slice is
   * there as soon as the last one has given the run back, and a queue that lost its connections hands a job out twice.
   * At the same time the one would fence the other off; left alone, the run would stand until its lease runs out.
   * @param stopping asks the slice to end after the chunk under way and to give the run back to the queue.
   * Rejects only when the run's own state could not be written; its lease then expires and somebody takes it over.
   */
  async advance(tenant: Tenant, run_id: string, stopping: () => boolean): Promise<void> {
    for (let last; (last = this.underWay.get(run_id));) await last.catch(() => undefined);
    const slice = this.advanceAlone(tenant, run_id, stopping).finally(() => this.underWay.delete(run_id));
    this.underWay.set(run_id, slice);
    await slice;
  }

  private async advanceAlone(tenant: Tenant, run_id: string, stopping: () => boolean): Promise<void> {
    try {
      const lease = await this.acquire(tenant, run_id);
      if (!lease) return;
      const work = await this.prepare(tenant, lease, stopping);
      if (work) await this.work(work);
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      this.logger.warn({ run_id }, 'the run was taken over by another worker');
    }
  }

  /** Committed by itself, so that a run whose holders die of it is known by its take-overs. */
  private async acquire(tenant: Tenant, run_id: string): Promise<Lease | null> {
    const at = new Date();
    const lease = await this.database.transaction(tenant, async (tx) => {
      const acquired = await acquireLease(tx, { run_id, owner: LEASE_OWNER, at });
      if (!acquired?.requested) return acquired;
      // Its last holder was asked, and gave it back or died before it could.
      await stopRun(tx, { run_id, requested: acquired.requested, actor: null, at });
      return null;
    });
    if (lease === null || lease.stalls <= MAX_STALLS) return lease;
    const error = `no chunk could be ended in ${MAX_STALLS} attempts`;
    await this.database.transaction(tenant, (tx) => endRun(tx, lease, error));
    this.logger.error({ run_id }, error);
    return null;
  }

  /** Null when the run cannot be worked on at all, which then has ended it. */
  private async prepare(tenant: Tenant, lease: Lease, stopping: () => boolean): Promise<RunWork | null> {
    try {
      return await this.readWork(tenant, lease, stopping);
    } catch (error) {
      const kind = databaseErrorKind(error);
      if (kind !== null && kind !== 'fault' && kind !== 'data') throw error;
      this.logger.error({ err: error, run_id: lease.run_id }, 'run cannot begin');
      await this.database.transaction(tenant, (tx) =>
        endRun(tx, lease, `it cannot begin: ${describeFailure(error)}`),
      );
      return null;
    }
  }

  private readWork(tenant: Tenant, lease: Lease, stopping: () => boolean): Promise<RunWork> {
    return this.database.snapshot(tenant, async (tx) => {
      const run = await required(tx.findOne(DiscoveryRun, { id: lease.run_id }));
      const flow = await required(tx.findOne(DiscoveryFlow, { id: run.discovery_flow_id }));
      const { columns, source } = await required(tx.findOne(DataImport, { id: run.data_import_id }));
      const mappings = mappingsInFileOrder(flow.field_mappings, columns);
      return {
        tenant,
        run,
        lease,
        stopping,
        since: performance.now(),
        attempts: 0,
        hasCreated: run.created > 0,
        flow: {
          id: flow.id,
          flow_id: flow.flow_id,
          master_flow_id: await getMasterFlowId(tx, flow.id),
          field_mappings_hash: flow.field_mappings_hash,
        },
        data_import_id: run.data_import_id,
        mapRow: compileRowMapper(
          mappings,
          await listSampleRows(tx, run.data_import_id),
          profileOf(source, this.profiles),
        ),
      };
    });
  }

  private async work(work: RunWork): Promise<void> {
    const end = Date.now() + SLICE_MS;
    const sliceEnds = () => work.stopping() || Date.now() > end;
    let ahead: Chunk[] = [];
    for (let chunks = 0; ; chunks++) {
      // Before the first chunk the records may be new, after it the assets.
      if (chunks < 2) await this.refreshStatistics();
      if (ahead.length === 0) {
        ahead = await this.database.snapshot(work.tenant, (tx) => findNextChunks(tx, work.run.id));
      }
      const chunk = ahead.shift();
      if (!chunk) {
        await this.finish(work, null);
        return;
      }
      try {
        const outcome: ChunkEnd = await this.chunks.run(work, chunk, sliceEnds);
        if (outcome !== 'committed') return;
      } catch (error) {
        if (!(await this.survives(work, chunk, error, sliceEnds))) return;
      }
    }
  }

  /** What the failure of a chunk does to its run. @returns whether the slice goes on. */
  private async survives(
    work: RunWork,
    { chunk }: Chunk,
    error: unknown,
    sliceEnds: () => boolean,
  ): Promise<boolean> {
    const kind = databaseErrorKind(error);
    // With the lease lost or the database away, the ledger cannot say more than it does.
    if (error instanceof LeaseLostError || kind === 'unavailable') throw error;
    this.logger.error({ err: error, run_id: work.run.id, chunk }, 'chunk failed');
    if (kind === 'disk full') {
      await this.pauseForRoom(work);
      return false;
    }
    const failure = { chunk, error: describeFailure(error) };
    // Under `skip` the run goes on, and like every other it does so in another slice when this one is over.
    const goesOn = work.run.failure_policy === 'skip';
    const giveBack = goesOn && sliceEnds();
    const { attempts } = work;
    const isSettled = await this.database.transaction(work.tenant, async (tx) => {
      const at = new Date();
      const requested = await failChunk(tx, work.lease, { ...failure, attempts, at, giveBack });
      if (goesOn && requested !== null) {
        await stopRun(tx, { run_id: work.run.id, requested, actor: null, at });
        return true;
      }
      if (giveBack) await enqueueRun(tx, work.run.id);
      return false;
    });
    if (isSettled) return false;
    work.attempts = 0;
    if (!goesOn) await this.finish(work, `chunk ${chunk}: ${failure.error}`);
    return goesOn && !giveBack;
  }

  /**
   * The rows of the chunk under way are as they were; the run goes on by itself when its time has come. Nobody asked
   * for it and no row has changed, so no audit event is written, for which there would be no room either.
   */
  private async pauseForRoom({ tenant, lease }: RunWork): Promise<void> {
    const at = new Date();
    await this.database.transaction(tenant, async (tx) => {
      const requested = await renewLease(tx, lease, at);
      if (requested !== null) {
        await stopRun(tx, { run_id: lease.run_id, requested, actor: null, at });
        return;
      }
      await settleRun(tx, {
        run_id: lease.run_id,
        status: 'paused',
        error: 'the disk of the database is full (SQLSTATE 53100); the run goes on when there is room again',
        at,
        retry_at: new Date(at.getTime() + DISK_FULL_PAUSE_MS),
      });
    });
  }

  private async refreshStatistics(): Promise<void> {
    try {
      await refreshYoungStatistics(this.dataSource);
    } catch (error) {
      // Without them the chunks are slower, not wrong.
      this.logger.warn({ err: error }, 'statistics could not be refreshed');
    }
  }

  private async finish({ tenant, lease }: RunWork, error: string | null): Promise<void> {
    await this.database.transaction(tenant, (tx) => endRun(tx, lease, error));
    this.logger.log({ run_id: lease.run_id, error }, 'run ended');
  }
}

/** Foreign keys hold these rows in place; with the keys rolled back, a missing one must not pass for an empty run. */
async function required<Row>(found: Promise<Row | null>): Promise<Row> {
  const row = await found;
  if (row === null) throw new Error('the flow or the import of a run is missing');
  return row;
}
