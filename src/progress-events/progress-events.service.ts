import type { Readable } from 'node:stream';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Slots } from '../concurrency/slots';
import { TooManyRequestsError } from '../errors/too-many-requests.error';
import { UnavailableError } from '../errors/unavailable.error';
import type { Tenant } from '../tenancy/tenant';
import type { ProgressEvent } from './progress-event';
import { ProgressStream } from './progress-stream';

/** Each asks the database twice a second. */
const MAX_STREAMS = 100;
/** So that one tenant leaves room for the others. */
const MAX_STREAMS_PER_TENANT = 50;
const ASK_AGAIN_SECONDS = 5;
/** Connections of the pool that all streams together may hold: where look-ups hang, the others must not starve. */
const POLLS_AT_A_TIME = 2;

/** Lets clients watch work in the background, and knows who does. */
@Injectable()
export class ProgressEvents implements OnModuleDestroy {
  private readonly logger = new Logger(ProgressEvents.name);
  private readonly streams = new Map<ProgressStream, Tenant>();
  private readonly polls = new Slots(POLLS_AT_A_TIME);
  private isStopping = false;

  /** Tests make it faster. */
  readonly pace = { pollMs: 500, heartbeatMs: 15_000 };

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
   * The states that `read` finds, from the one that follows `lastEventId`, or null when that was the last.
   * @throws what `read` throws at first, TooManyRequestsError when too many of the tenant watch, UnavailableError when
   * too many do or the service is going down.
   */
  async watch(
    tenant: Tenant,
    lastEventId: string | null,
    read: () => Promise<ProgressEvent>,
  ): Promise<Readable | null> {
    const first = await read();
    if (first.isLast && first.id === lastEventId) return null;
    if (this.isStopping) throw new UnavailableError('The service is shutting down. Connect again later.');
    if (this.streams.size >= MAX_STREAMS) {
      throw new UnavailableError(`${MAX_STREAMS} clients watch already. Ask for the state itself, or later.`);
    }
    if (this.watchersOf(tenant) >= MAX_STREAMS_PER_TENANT) {
      throw new TooManyRequestsError(
        `${MAX_STREAMS_PER_TENANT} clients of the tenant watch already. Ask for the state itself, or later.`,
        ASK_AGAIN_SECONDS,
      );
    }
    const stream: ProgressStream = new ProgressStream({
      first,
      lastEventId,
      // Whoever left while waiting for a turn asks nothing more.
      read: () => this.polls.use(() => (stream.destroyed ? Promise.resolve(first) : read())),
      onLost: (error) => {
        this.logger.warn({ err: error }, 'a watched state cannot be read; trying on');
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
