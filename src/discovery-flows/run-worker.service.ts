import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Logger as QueueLogger, run, type Runner } from 'graphile-worker';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { DATABASE_URL } from '../database/database-url';
import { TenantDatabase } from '../database/tenant-database';
import { ADVANCE_RUN, enqueueRun } from './queries/enqueue-run';
import { findStalledRuns } from './queries/find-stalled-runs';
import { releaseStalledRun } from './queries/release-stalled-run';
import { RunExecutor } from './run-executor.service';

/** Runs advanced at the same time by one process. */
const CONCURRENCY = 2;
const RECLAIM_EVERY_MS = 5_000;

const payloadSchema = z.object({ client_account_id: z.uuid(), engagement_id: z.uuid(), run_id: z.uuid() });

/** Takes jobs from the queue in the database, and puts runs back into it whose process died. */
@Injectable()
export class RunWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RunWorker.name);
  private runner: Runner | null = null;
  private reclaimTimer: NodeJS.Timeout | null = null;
  private isStopping = false;

  constructor(
    private readonly executor: RunExecutor,
    private readonly database: TenantDatabase,
    private readonly dataSource: DataSource,
    @Inject(DATABASE_URL) private readonly url: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.runner = await run({
      connectionString: this.url,
      // One connection listens for jobs, the others fetch and finish them; the work itself uses the service's pool.
      maxPoolSize: CONCURRENCY + 1,
      concurrency: CONCURRENCY,
      noHandleSignals: true,
      logger: this.queueLogger(),
      taskList: {
        [ADVANCE_RUN]: async (payload) => {
          const { run_id, ...tenant } = payloadSchema.parse(payload);
          await this.executor.advance(tenant, run_id, () => this.isStopping);
        },
      },
    });
    this.reclaimTimer = setInterval(() => void this.reclaim(), RECLAIM_EVERY_MS);
    await this.reclaim();
  }

  /** Before the pool closes: the chunk under way is the last one, and its run goes back into the queue. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    if (this.reclaimTimer) clearInterval(this.reclaimTimer);
    await this.runner?.stop();
  }

  private async reclaim(): Promise<void> {
    try {
      for (const { run_id, ...tenant } of await findStalledRuns(this.dataSource, new Date())) {
        await this.database.transaction(tenant, async (tx) => {
          if (!(await releaseStalledRun(tx, run_id, new Date()))) return;
          await enqueueRun(tx, run_id);
          this.logger.warn({ run_id }, 'a run stood still; it is queued again');
        });
      }
    } catch (error) {
      // The next round tries again; until the database answers there is nothing to reclaim.
      this.logger.warn({ err: error }, 'stalled runs could not be looked up');
    }
  }

  private queueLogger(): QueueLogger {
    return new QueueLogger(() => (level: string, message) => {
      if (level === 'error') this.logger.error(message);
      else if (level === 'warning') this.logger.warn(message);
      else this.logger.debug(message);
    });
  }
}
