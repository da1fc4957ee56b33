import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 100;

/** Asks a service all the time whether it lives, and keeps the longest that it took to say so. */
export class Pulse {
  longestMs = 0;
  private isOver = false;
  private readonly beating: Promise<void>;

  constructor(origin: string) {
    this.beating = this.beat(`${origin}/api/v1/health/live`);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.beating;
  }

  private async beat(url: string): Promise<void> {
    while (!this.isOver) {
      const start = performance.now();
      const answer = await fetch(url).catch(() => null);
      await answer?.text();
      this.longestMs = Math.max(this.longestMs, answer?.ok === true ? performance.now() - start : Infinity);
      await delay(EVERY_MS);
    }
  }
}
