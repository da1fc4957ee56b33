import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { BackgroundTask } from '../background/background-task';
import { BackgroundWorker } from '../background/background-worker.service';
import { TenantDatabase } from '../database/tenant-database';
import type { Tenant } from '../tenancy/tenant';
import { ADVANCE_RUN, enqueueRun } from './queries/enqueue-run';
import { findStalledRuns } from './queries/find-stalled-runs';
import { releaseStalledRun } from './queries/release-stalled-run';
import { startFlow } from './queries/start-flow';
import { RunExecutor } from './run-executor.service';
import { stopRun } from './stop-run';

const RELEASE_MS = 1_000;

const payloadSchema = z.object({ client_account_id: z.uuid(), engagement_id: z.uuid(), run_id: z.uuid() });

/** Has the worker advance runs, and puts those back into its queue that stand still. */
@Injectable()
export class RunTask implements BackgroundTask, OnModuleInit {
  readonly name = ADVANCE_RUN;
  private readonly logger = new Logger(RunTask.name);

  constructor(
    private readonly executor: RunExecutor,
    private readonly database: TenantDatabase,
    private readonly dataSource: DataSource,
    private readonly worker: BackgroundWorker,
  ) {}

  onModuleInit(): void {
    this.worker.register(this);
  }

  work(payload: unknown, stopping: () => boolean): Promise<void> {
    const { run_id, ...tenant } = payloadSchema.parse(payload);
    return this.executor.advance(tenant, run_id, stopping);
  }

  async reclaim(at: Date): Promise<void> {
    for (const { run_id, ...tenant } of await findStalledRuns(this.dataSource, at)) {
      // One run that somebody holds locked must not keep the others waiting.
      await this.release(tenant, run_id).catch((error: unknown) => {
        this.logger.warn({ err: error, run_id }, 'a stalled run could not be released');
      });
    }
  }

  private release(tenant: Tenant, run_id: string): Promise<void> {
    return this.database.transaction(tenant, async (tx) => {
      await tx.limit({ statement_ms: RELEASE_MS, idle_ms: RELEASE_MS });
      const at = new Date();
      const released = await releaseStalledRun(tx, run_id, at);
      if (!released) return;
      if (released.requested !== null) {
        await stopRun(tx, { run_id, requested: released.requested, actor: null, at });
        return;
      }
      await startFlow(tx, { id: released.discovery_flow_id, at });
      await enqueueRun(tx, run_id);
      this.logger.warn({ run_id }, 'a run stood still; it is queued again');
    });
  }
}
