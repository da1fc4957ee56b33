import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Logger as QueueLogger, run } from 'graphile-worker';
import { Pool } from 'pg';
import { DATABASE_URL } from '../database/database-url';
import { SERVICE_ROLE } from '../database/roles';
import { describeFailure } from '../errors/describe-failure';
import type { BackgroundTask } from './background-task';

/** Slices that one process works on at the same time. */
const CONCURRENCY = 2;
const RECLAIM_EVERY_MS = 5_000;
const RESTART_AFTER_MS = 1_000;
const LAST_SLICE_MS = 10_000;
/** The queue's own statements take milliseconds: a server that is silent for longer is as good as gone. */
const QUEUE_TIMEOUT_MS = 5_000;

interface RunningQueue {
  /** Resolves when it has ended, with the reason or null. */
  ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** Takes the jobs of all tasks from the queue in the database, and has put back into it what was lost. */
@Injectable()
export class BackgroundWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(BackgroundWorker.name);
  private readonly stopping = new AbortController();
  private supervision: Promise<void> = Promise.resolve();
  private reclaimTimer: NodeJS.Timeout | null = null;
  private isReclaiming = false;
  private readonly slices = new Set<Promise<void>>();
  private readonly tasks: BackgroundTask[] = [];

  constructor(@Inject(DATABASE_URL) private readonly url: string) {}

  /** While the modules are made: what comes after the start has no worker. */
  register(task: BackgroundTask): void {
    this.tasks.push(task);
  }

  /** @throws when the queue cannot be reached now; later outages are waited out. */
  async onApplicationBootstrap(): Promise<void> {
    this.supervision = this.supervise(await this.startRunner());
    this.reclaimTimer = setInterval(() => void this.reclaim(), RECLAIM_EVERY_MS);
    await this.reclaim();
  }

  /** Before the pool closes: the slice under way is the last one, and its work goes back into the queue. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    if (this.reclaimTimer) clearInterval(this.reclaimTimer);
    // The queue gives its jobs a few seconds and then goes; the slices under way have limits of their own. What takes
    // longer than both hangs on a dead connection, and its lease runs out.
    const ended = Promise.all([this.supervision, Promise.allSettled(this.slices)]);
    await Promise.race([ended, delay(LAST_SLICE_MS, undefined, { ref: false })]);
  }

  /** The queue's runner gives up for good when its database goes away, so each one that ends is followed by another. */
  private async supervise(first: RunningQueue): Promise<void> {
    let running: RunningQueue | null = first;
    while (!this.stopping.signal.aborted) {
      if (running) {
        const stopped = once(this.stopping.signal, 'abort').then(() => 'stopped' as const);
        const end = await Promise.race([running.ended, stopped]);
        if (end === 'stopped') break;
        this.logger.warn({ err: end }, 'the job queue was lost; trying again');
      }
      await delay(RESTART_AFTER_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      running = await this.startRunner().catch(() => null);
    }
    await running?.stop();
  }

  private async startRunner(): Promise<RunningQueue> {
    const pool = this.connect();
    const runner = await run({
      pgPool: pool,
      concurrency: CONCURRENCY,
      noHandleSignals: true,
      logger: this.queueLogger(),
      // Unbatched, graphile-worker does not listen to the promise that ends a job: while the database is away, its
      // rejection would end this process. In batches, of one as it happens, it ends the runner.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      taskList: Object.fromEntries(
        this.tasks.map((task) => [task.name, (payload: unknown) => this.work(task, payload)]),
      ),
    }).catch((error: unknown) => {
      void pool.end();
      throw error;
    });
    // Listened to from the first moment: a rejection that nobody hears would end the process.
    const ended = runner.promise
      .then(
        () => null,
        (error: unknown) => error,
      )
      .finally(() => void pool.end());
    return {
      ended,
      stop: async () => {
        // A runner that has ended by itself refuses to stop.
        await runner.stop().catch(() => undefined);
        await ended;
      },
    };
  }

  /** One connection listens for jobs, the others fetch and finish them; the work itself uses the service's pool. */
  private connect(): Pool {
    const pool = new Pool({
      connectionString: this.url,
      options: `-c role=${SERVICE_ROLE}`,
      application_name: 'discovery-wiring queue',
      max: CONCURRENCY + 1,
      connectionTimeoutMillis: QUEUE_TIMEOUT_MS,
      query_timeout: QUEUE_TIMEOUT_MS,
    });
    // The runner hears of a broken connection by its own queries; unheard, the events would end the process.
    return pool
      .on('error', () => undefined)
      .on('connect', (client) => {
        client.on('error', () => undefined);
      });
  }

  private async work(task: BackgroundTask, payload: unknown): Promise<void> {
    const slice = task.work(payload, () => this.stopping.signal.aborted);
    this.slices.add(slice);
    await slice
      .catch((error: unknown) => {
        this.logger.warn({ err: error, task: task.name, payload }, 'a slice of work could not be done');
        // The queue logs and stores the message of a job's error, and a database's may quote a row.
        throw new Error(describeFailure(error));
      })
      .finally(() => this.slices.delete(slice));
  }

  private async reclaim(): Promise<void> {
    if (this.isReclaiming) return;
    this.isReclaiming = true;
    for (const task of this.tasks) {
      // The next round tries again; until the database answers there is nothing to reclaim.
      await task.reclaim(new Date()).catch((error: unknown) => {
        this.logger.warn({ err: error, task: task.name }, 'what stands still could not be looked up');
      });
    }
    this.isReclaiming = false;
  }

  private queueLogger(): QueueLogger {
    return new QueueLogger(() => (level: string, message) => {
      if (level === 'error') this.logger.error(message);
      else if (level === 'warning') this.logger.warn(message);
      else this.logger.debug(message);
    });
  }
}
