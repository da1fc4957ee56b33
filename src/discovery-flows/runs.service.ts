import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SETTINGS, type Settings } from '../config/settings';
import { TenantDatabase } from '../database/tenant-database';
import { ConflictError } from '../errors/conflict.error';
import { NotFoundError } from '../errors/not-found.error';
import type { Tenant } from '../tenancy/tenant';
import { DiscoveryRun } from './discovery-run.entity';
import type { StartRunRequest } from './dto/start-run.request';
import { leaseExpiry } from './lease';
import { enqueueRun } from './queries/enqueue-run';
import { findLiveRun } from './queries/find-live-run';
import { insertRun } from './queries/insert-run';
import { lockFlow } from './queries/lock-flow';
import { lockImport } from './queries/lock-import';
import { startFlow } from './queries/start-flow';
import { requireFlow } from './require-flow';

/** Fields that a row can take its asset's name from. */
const NAMING_FIELDS = new Set(['name', 'hostname', 'fqdn', 'ip_address', 'application_name']);

@Injectable()
export class RunsService {
  constructor(
    private readonly database: TenantDatabase,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Plans a run over the flow's pending rows and queues it, in one transaction; the work is the workers'.
   * @throws ConflictError beside a live run, without an import, or when no mapping could name an asset: such a run
   * would reject every row for good.
   */
  start(tenant: Tenant, flow_id: string, request: StartRunRequest): Promise<DiscoveryRun> {
    const id = uuidv7();
    const at = new Date();
    return this.database.transaction(tenant, async (tx) => {
      await lockFlow(tx, flow_id);
      const flow = await requireFlow(tx, flow_id);
      if (flow.data_import_id === null) throw new ConflictError('The flow has no data import to run over.');
      if (!Object.values(flow.field_mappings).some((field) => NAMING_FIELDS.has(field))) {
        throw new ConflictError(
          `No approved mapping gives assets a name: map a column to one of ${[...NAMING_FIELDS].join(', ')} first.`,
        );
      }
      await lockImport(tx, flow.data_import_id);
      const live = await findLiveRun(tx, flow.data_import_id);
      if (live !== null) throw new ConflictError(`Run ${live.id} over these rows has not ended yet.`);
      await insertRun(tx, {
        id,
        discovery_flow_id: flow.id,
        data_import_id: flow.data_import_id,
        chunk_size: request.chunk_size ?? this.settings.ASSET_BATCH_CHUNK_SIZE,
        failure_policy: request.failure_policy ?? this.settings.ASSET_CHUNK_RETRY_POLICY,
        at,
        lease_expires_at: leaseExpiry(at),
      });
      await startFlow(tx, { id: flow.id, at });
      await enqueueRun(tx, id);
      const run = await tx.findOne(DiscoveryRun, { id });
      if (!run) throw new Error('a run was not found in the transaction that wrote it');
      return run;
    });
  }

  get(tenant: Tenant, flow_id: string, run_id: string): Promise<DiscoveryRun> {
    return this.database.snapshot(tenant, async (tx) => {
      const flow = await requireFlow(tx, flow_id);
      const run = await tx.findOne(DiscoveryRun, { id: run_id, discovery_flow_id: flow.id });
      if (!run) throw new NotFoundError(`There is no run ${run_id} of flow ${flow_id}.`);
      return run;
    });
  }
}
