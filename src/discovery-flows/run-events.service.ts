import type { Readable } from 'node:stream';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { TooManyRequestsError } from '../errors/too-many-requests.error';
import { UnavailableError } from '../errors/unavailable.error';
import { Slots } from '../raw-imports/slots';
import type { Tenant } from '../tenancy/tenant';
import { runEvent } from './run-event';
import { RunEventStream } from './run-event-stream';
import { runProgress } from './run-progress';
import { RunsService } from './runs.service';

/** Each asks the database twice a second. */
const MAX_STREAMS = 100;
/** So that one tenant leaves room for the others. */
const MAX_STREAMS_PER_TENANT = 50;
const ASK_AGAIN_SECONDS = 5;
/** Connections of the pool that all streams together may hold: where look-ups hang, the others must not starve. */
const POLLS_AT_A_TIME = 2;

/** Lets clients watch runs, and knows who does. */
@Injectable()
export class RunEvents implements OnModuleDestroy {
  private readonly logger = new Logger(RunEvents.name);
  private readonly streams = new Map<RunEventStream, Tenant>();
  private readonly polls = new Slots(POLLS_AT_A_TIME);
  private isStopping = false;

  /** Tests make it faster. */
  readonly pace = { pollMs: 500, heartbeatMs: 15_000 };

  constructor(private readonly runs: RunsService) {}

  /** Clients that watch now. */
  get watchers(): number {
    return this.streams.size;
  }

  /** The first of all hooks: an open answer would hold up everything that a shutdown waits for. */
  onModuleDestroy(): void {
    this.isStopping = true;
    for (const stream of this.streams.keys()) stream.finish();
  }

  /**
   * The states of a run from the one that follows `lastEventId`, or null when that was its end.
   * @throws NotFoundError, TooManyRequestsError when too many of the tenant watch, UnavailableError when too many do or
   * the service is going down.
   */
  async watch(
    tenant: Tenant,
    flow_id: string,
    run_id: string,
    lastEventId: string | null,
  ): Promise<Readable | null> {
    const read = async () => runEvent(runProgress(await this.runs.get(tenant, flow_id, run_id)));
    const first = await read();
    if (first.isLast && first.id === lastEventId) return null;
    if (this.isStopping) throw new UnavailableError('The service is shutting down. Connect again later.');
    if (this.streams.size >= MAX_STREAMS) {
      throw new UnavailableError(
        `${MAX_STREAMS} clients watch runs already. Ask for the run itself, or later.`,
      );
    }
    if (this.watchersOf(tenant) >= MAX_STREAMS_PER_TENANT) {
      throw new TooManyRequestsError(
        `${MAX_STREAMS_PER_TENANT} clients of the tenant watch runs already. Ask for the run itself, or later.`,
        ASK_AGAIN_SECONDS,
      );
    }
    const stream: RunEventStream = new RunEventStream({
      first,
      lastEventId,
      // Whoever left while waiting for a turn asks nothing more.
      read: () => this.polls.use(() => (stream.destroyed ? Promise.resolve(first) : read())),
      onLost: (error) => {
        this.logger.warn({ err: error, run_id }, 'a watched run cannot be read; trying on');
      },
      ...this.pace,
    });
    this.streams.set(stream, tenant);
    stream.once('close', () => this.streams.delete(stream));
    return stream;
  }
  private watchersOf({ client_account_id, engagement_id }: Tenant): number {
    return [...this.streams.values()].filter(
      (tenant) => tenant.client_account_id === client_account_id && tenant.engagement_id === engagement_id,
    ).length;
  }
}
