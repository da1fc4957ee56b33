import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { recordAuditEvent } from '../audit/queries/record-audit-event';
import type { Actor } from '../auth/actor';
import { SETTINGS, type Settings } from '../config/settings';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { ConflictError } from '../errors/conflict.error';
import { NotFoundError } from '../errors/not-found.error';
import { type Page, type PageQuery, pageOf, pageWindow, type Slice } from '../http/page';
import type { Tenant } from '../tenancy/tenant';
import { DiscoveryRun } from './discovery-run.entity';
import type { ListRunChunksQuery, RunChunk } from './dto/run-chunk';
import type { RunConflict } from './dto/run-conflict';
import type { StartRunRequest } from './dto/start-run.request';
import { leaseExpiry } from './lease';
import { enqueueRun } from './queries/enqueue-run';
import { findLiveRun } from './queries/find-live-run';
import { insertRun } from './queries/insert-run';
import { listRunChunks } from './queries/list-run-chunks';
import { listRunConflicts } from './queries/list-run-conflicts';
import { listRuns } from './queries/list-runs';
import { lockFlow } from './queries/lock-flow';
import { lockImport } from './queries/lock-import';
import { startFlow } from './queries/start-flow';
import { requireFlow } from './require-flow';
import { requireRunnable } from './require-runnable';

@Injectable()
export class RunsService {
  constructor(
    private readonly database: TenantDatabase,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Plans a run over the flow's pending rows and queues it, in the caller's transaction; the work is the workers'.
   * @throws ConflictError beside a live run, or when the flow cannot be run over.
   */
  async start(tx: TenantTx, actor: Actor, flow_id: string, request: StartRunRequest): Promise<DiscoveryRun> {
    const id = uuidv7();
    const at = new Date();
    const { data_import_id: locked } = await requireFlow(tx, flow_id);
    // The import first, as the chunks of a run do, which write its row and at last the flow's.
    if (locked !== null) await lockImport(tx, locked);
    await lockFlow(tx, flow_id);
    const flow = await requireFlow(tx, flow_id);
    const data_import_id = requireRunnable(flow);
    const live = await findLiveRun(tx, data_import_id);
    if (live !== null) throw new ConflictError(`Run ${live.id} over these rows has not ended yet.`);
    await insertRun(tx, {
      id,
      discovery_flow_id: flow.id,
      data_import_id,
      chunk_size: request.chunk_size ?? this.settings.ASSET_BATCH_CHUNK_SIZE,
      failure_policy: request.failure_policy ?? this.settings.ASSET_CHUNK_RETRY_POLICY,
      conflict_policy: request.conflict_policy ?? 'keep_existing',
      identity_rule: this.settings.ASSET_IDENTITY_RULE,
      at,
      lease_expires_at: leaseExpiry(at),
    });
    await startFlow(tx, { id: flow.id, at });
    await enqueueRun(tx, id);
    const run = await this.require(tx, flow_id, id);
    const { total_records, chunks_total, chunk_size, conflict_policy, failure_policy } = run;
    await recordAuditEvent(tx, {
      actor,
      action: 'run.started',
      target_type: 'discovery_run',
      target_id: id,
      counts: { total_records, chunks_total, chunk_size },
      details: { flow_id, data_import_id, conflict_policy, failure_policy },
    });
    return run;
  }

  get(tenant: Tenant, flow_id: string, run_id: string): Promise<DiscoveryRun> {
    return this.database.snapshot(tenant, (tx) => this.require(tx, flow_id, run_id));
  }

  list(tenant: Tenant, flow_id: string, query: PageQuery): Promise<Page<DiscoveryRun>> {
    return this.page(tenant, query, async (tx, window) => {
      const { id: flow_key } = await requireFlow(tx, flow_id);
      return listRuns(tx, { flow_key, ...window });
    });
  }

  listChunks(
    tenant: Tenant,
    flow_id: string,
    run_id: string,
    query: ListRunChunksQuery,
  ): Promise<Page<RunChunk>> {
    return this.page(tenant, query, async (tx, window) => {
      await this.require(tx, flow_id, run_id);
      return listRunChunks(tx, { run_id, status: query.status ?? null, ...window });
    });
  }

  listConflicts(
    tenant: Tenant,
    flow_id: string,
    run_id: string,
    query: PageQuery,
  ): Promise<Page<RunConflict>> {
    return this.page(tenant, query, async (tx, window) => {
      await this.require(tx, flow_id, run_id);
      return listRunConflicts(tx, { run_id, ...window });
    });
  }

  /** @throws NotFoundError when the flow has no such run. */
  async require(tx: TenantTx, flow_id: string, run_id: string): Promise<DiscoveryRun> {
    const flow = await requireFlow(tx, flow_id);
    const run = await tx.findOne(DiscoveryRun, { id: run_id, discovery_flow_id: flow.id });
    if (!run) throw new NotFoundError(`There is no run ${run_id} of flow ${flow_id}.`);
    return run;
  }

  private async page<Row>(
    tenant: Tenant,
    query: PageQuery,
    read: (tx: TenantTx, window: { limit: number; offset: number }) => Promise<Slice<Row>>,
  ): Promise<Page<Row>> {
    return pageOf(query, await this.database.snapshot(tenant, (tx) => read(tx, pageWindow(query))));
  }
}
