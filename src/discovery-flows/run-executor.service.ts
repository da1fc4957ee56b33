import { Inject, Injectable, Logger } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings';
import { DataSource } from 'typeorm';
import { databaseErrorKind } from '../database/database-error-kind';
import { refreshStatistics } from '../database/refresh-statistics';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { compileRowMapper } from '../field-mapping/map-row';
import { DataImport } from '../raw-imports/data-import.entity';
import type { Tenant } from '../tenancy/tenant';
import { describeFailure } from './describe-failure';
import { DiscoveryFlow } from './discovery-flow.entity';
import { DiscoveryRun } from './discovery-run.entity';
import { CHUNK_TIMEOUT_MS, type Lease, LEASE_OWNER, LeaseLostError } from './lease';
import { mappingsInFileOrder } from './mappings-in-file-order';
import { persistRows, type RowSource } from './persist-rows';
import { acquireLease } from './queries/acquire-lease';
import { commitChunk } from './queries/commit-chunk';
import { enqueueRun } from './queries/enqueue-run';
import { failChunk } from './queries/fail-chunk';
import { type Chunk, findNextChunk } from './queries/find-next-chunk';
import { finishRun } from './queries/finish-run';
import { getMasterFlowId } from './queries/get-master-flow-id';
import { listSampleRows } from './queries/list-sample-rows';
import { renewLease } from './queries/renew-lease';
import { withTries } from './with-tries';

/** A slice ends after this time, so that runs share the workers and a shutdown waits for a chunk only. */
const SLICE_MS = 3_000;

interface Work extends RowSource {
  tenant: Tenant;
  run: DiscoveryRun;
  lease: Lease;
}

/** Advances runs, a bounded slice at a time. Each chunk is a transaction of its own: rows, links and ledger. */
@Injectable()
export class RunExecutor {
  private readonly logger = new Logger(RunExecutor.name);

  constructor(
    private readonly database: TenantDatabase,
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * @param stopping asks the slice to end after the chunk under way and to give the run back to the queue.
   * Rejects only when the run's own state could not be written; its lease then expires and somebody takes it over.
   */
  async advance(tenant: Tenant, run_id: string, stopping: () => boolean): Promise<void> {
    try {
      const work = await this.begin(tenant, run_id);
      if (work) await this.work(work, stopping);
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      this.logger.warn({ run_id }, 'the run was taken over by another worker');
    }
  }

  private begin(tenant: Tenant, run_id: string): Promise<Work | null> {
    return this.database.transaction(tenant, async (tx) => {
      const lease = await acquireLease(tx, { run_id, owner: LEASE_OWNER, at: new Date() });
      if (!lease) return null;
      const run = await required(tx.findOne(DiscoveryRun, { id: run_id }));
      const flow = await required(tx.findOne(DiscoveryFlow, { id: run.discovery_flow_id }));
      const { columns } = await required(tx.findOne(DataImport, { id: run.data_import_id }));
      const mappings = mappingsInFileOrder(flow.field_mappings, columns);
      return {
        tenant,
        run,
        lease,
        flow: {
          id: flow.id,
          flow_id: flow.flow_id,
          master_flow_id: await getMasterFlowId(tx, flow.id),
          field_mappings_hash: flow.field_mappings_hash,
        },
        data_import_id: run.data_import_id,
        mapRow: compileRowMapper(mappings, await listSampleRows(tx, run.data_import_id)),
      };
    });
  }

  private async work(work: Work, stopping: () => boolean): Promise<void> {
    const end = Date.now() + SLICE_MS;
    const sliceEnds = () => stopping() || Date.now() > end;
    for (let chunks = 0; ; chunks++) {
      // Before the first chunk the records may be new, after it the assets.
      if (chunks < 2) await this.refreshStatistics();
      const outcome = await this.chunk(work, sliceEnds);
      if (outcome === 'committed') continue;
      if (outcome === 'gave back') return;
      if (outcome === 'none left') {
        await this.finish(work, null);
        return;
      }
      if (work.run.failure_policy !== 'skip') {
        await this.finish(work, `chunk ${outcome.chunk}: ${outcome.error}`);
        return;
      }
    }
  }

  private async chunk(
    work: Work,
    sliceEnds: () => boolean,
  ): Promise<'committed' | 'gave back' | 'none left' | { chunk: number; error: string }> {
    const chunk = await this.database.snapshot(work.tenant, (tx) => findNextChunk(tx, work.lease.run_id));
    if (!chunk) return 'none left';
    let attempts = 0;
    try {
      return await withTries(this.settings, work.run.failure_policy, async () => {
        attempts++;
        if (attempts > 1) {
          await this.database.transaction(work.tenant, (tx) => renewLease(tx, work.lease, new Date()));
        }
        return await this.database.transaction(work.tenant, (tx) => commitRows(tx, work, chunk, sliceEnds));
      });
    } catch (error) {
      // With the lease lost or the database away, the ledger cannot say more than it does.
      if (error instanceof LeaseLostError || databaseErrorKind(error) === 'unavailable') throw error;
      this.logger.error({ err: error, run_id: work.lease.run_id, chunk: chunk.chunk }, 'chunk failed');
      const failure = { chunk: chunk.chunk, error: describeFailure(error) };
      // Under `skip` the run goes on, and like every other it does so in another slice when this one is over.
      const giveBack = work.run.failure_policy === 'skip' && sliceEnds();
      await this.database.transaction(work.tenant, async (tx) => {
        await failChunk(tx, work.lease, { ...failure, attempts, at: new Date(), giveBack });
        if (giveBack) await enqueueRun(tx, work.lease.run_id);
      });
      return giveBack ? 'gave back' : failure;
    }
  }

  private async refreshStatistics(): Promise<void> {
    try {
      await refreshStatistics(this.dataSource);
    } catch (error) {
      // Without them the chunks are slower, not wrong.
      this.logger.warn({ err: error }, 'statistics could not be refreshed');
    }
  }

  private async finish({ tenant, lease }: Work, error: string | null): Promise<void> {
    await this.database.transaction(tenant, (tx) => finishRun(tx, lease, { error, at: new Date() }));
    this.logger.log({ run_id: lease.run_id, error }, 'run ended');
  }
}

/** Rows, links and ledger of one chunk, and at the end of the slice the job for the next one. */
async function commitRows(
  tx: TenantTx,
  work: Work,
  chunk: Chunk,
  sliceEnds: () => boolean,
): Promise<'committed' | 'gave back'> {
  await tx.control(`SET LOCAL statement_timeout = ${CHUNK_TIMEOUT_MS}`);
  const counts = await persistRows(tx, work, chunk, new Date());
  const giveBack = sliceEnds();
  await commitChunk(tx, work.lease, chunk.chunk, counts, { at: new Date(), giveBack });
  if (giveBack) await enqueueRun(tx, work.lease.run_id);
  return giveBack ? 'gave back' : 'committed';
}

/** Foreign keys hold these rows in place; with the keys rolled back, a missing one must not pass for an empty run. */
async function required<Row>(found: Promise<Row | null>): Promise<Row> {
  const row = await found;
  if (row === null) throw new Error('the flow or the import of a run is missing');
  return row;
}
