import type { Settings } from '../config/settings';
import { LockBusyError } from '../database/lock-busy.error';
import { databaseErrorKind } from '../database/database-error-kind';
import type { FailurePolicy } from './discovery-run.entity';
import { LinkRaceError } from './link-race.error';

/** Tries of a transaction that lost a race, whatever the policy: nothing is wrong with its data. */
const TRANSIENT_TRIES = 5;
/** A time-out may have been somebody's lock; the second one is taken for too much work at once. */
const TIMEOUT_TRIES = 2;
/** Within its lease a holder waits for the database to come back; after that the run is anybody's. */
const OUTAGE_MS = 15_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

export type NextStep =
  | { step: 'again'; pause_ms: number }
  /** Fewer rows at once: the fault is in one of them, or there are too many. */
  | { step: 'split' }
  | { step: 'give up' };

/** What to do after each failure of one transaction, by what it failed with and by the run's policy. */
export class ChunkTries {
  private failures = 0;
  private readonly byKind = new Map<string, number>();
  private firstOutage: number | null = null;

  constructor(
    private readonly policy: FailurePolicy,
    private readonly settings: Pick<Settings, 'ASSET_CHUNK_MAX_RETRIES'>,
  ) {}

  after(error: unknown, now = Date.now()): NextStep {
    this.failures++;
    // Runs of one tenant take turns, and each turn has its limits.
    if (error instanceof LockBusyError) return this.again();
    const kind = error instanceof LinkRaceError ? 'transient' : databaseErrorKind(error);
    const times = (this.byKind.get(kind ?? '') ?? 0) + 1;
    this.byKind.set(kind ?? '', times);
    switch (kind) {
      case 'transient':
        return times < TRANSIENT_TRIES ? this.again() : { step: 'give up' };
      case 'timeout':
        return times < TIMEOUT_TRIES ? this.again() : { step: 'split' };
      case 'unavailable':
        this.firstOutage ??= now;
        return now - this.firstOutage < OUTAGE_MS ? this.again() : { step: 'give up' };
      case 'data':
        return { step: 'split' };
      case 'disk full':
        return { step: 'give up' };
      case 'fault':
        return this.policy === 'retry' && times <= this.settings.ASSET_CHUNK_MAX_RETRIES
          ? this.again()
          : { step: 'give up' };
      // Not the database's: our own code stumbled, over one of the rows as likely as not.
      case null:
        return { step: 'split' };
    }
  }

  /** Growing, and jittered, so that those who lost a race do not meet again. */
  private again(): NextStep {
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
    return { step: 'again', pause_ms: longest * Math.random() };
  }
}
