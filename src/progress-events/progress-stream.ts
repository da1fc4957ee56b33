import { Readable } from 'node:stream';
import { NotFoundError } from '../errors/not-found.error';
import type { ProgressEvent } from './progress-event';

/** How long a client is asked to wait before it connects again. */
const RECONNECT_AFTER_MS = 2_000;
/** A client that takes nothing more cannot hold up a shutdown. */
const CUT_AFTER_MS = 1_000;

export interface ProgressSource {
  first: ProgressEvent;
  /** Of the event that the client has already, if any. */
  lastEventId: string | null;
  read: () => Promise<ProgressEvent>;
  /** Told when a state could not be read, once until one can be again. */
  onLost: (error: unknown) => void;
  pollMs: number;
  heartbeatMs: number;
}

/**
 * The states of one piece of work as they come, as the body of an answer. Heartbeats have a timer of their own, so that neither
 * an outage nor a look-up that hangs silences them; both timers end with the stream, at once.
 */
export class ProgressStream extends Readable {
  private readonly heartbeats: NodeJS.Timeout;
  private timer: NodeJS.Timeout | undefined;
  private sent: string | null;
  private isOver = false;
  private isLost = false;

  constructor(private readonly source: ProgressSource) {
    super();
    this.sent = source.lastEventId;
    this.heartbeats = setInterval(() => {
      if (this.isTaken()) this.push(': heartbeat\n\n');
    }, source.heartbeatMs);
    this.push(`retry: ${RECONNECT_AFTER_MS}\n\n`);
    this.show(source.first);
  }

  /** Ends the answer as if all was said. The client connects again and goes on where it was. */
  finish(): void {
    if (this.isOver) return;
    this.clear();
    this.push(null);
    this.timer = setTimeout(() => this.destroy(), CUT_AFTER_MS);
  }

  /** Time sets the pace, not demand: what nobody takes is not asked for (see `poll`). */
  override _read(): void {
    // Nothing to fetch.
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.clear();
    callback(error);
  }

  private clear(): void {
    this.isOver = true;
    clearInterval(this.heartbeats);
    clearTimeout(this.timer);
  }

  private show(event: ProgressEvent): void {
    if (event.id !== this.sent) {
      this.sent = event.id;
      this.push(event.text);
    }
    if (event.isLast) this.finish();
    else this.pollLater();
  }

  private pollLater(): void {
    this.timer = setTimeout(() => void this.poll(), this.source.pollMs);
  }

  /** A slow client skips states; it gets the newest when it takes something again. */
  private async poll(): Promise<void> {
    if (!this.isTaken()) {
      this.pollLater();
      return;
    }
    try {
      const event = await this.source.read();
      this.isLost = false;
      if (!this.isOver) this.show(event);
    } catch (error) {
      if (this.isOver) return;
      if (error instanceof NotFoundError) {
        this.finish();
        return;
      }
      if (!this.isLost) this.source.onLost(error);
      this.isLost = true;
      this.pollLater();
    }
  }

  private isTaken(): boolean {
    return this.readableLength === 0;
  }
}
