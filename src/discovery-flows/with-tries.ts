import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../config/settings';
import { databaseErrorKind } from '../database/database-error-kind';
import type { FailurePolicy } from './discovery-run.entity';
import { LinkRaceError } from './link-race.error';

/** Tries of a chunk that lost a race, whatever the policy: nothing is wrong with its data. */
const TRANSIENT_TRIES = 5;
const BACKOFF_MS = 100;

/** Runs a chunk's transaction as often as its failure and the policy allow, with jittered, growing pauses. */
export async function withTries<Result>(
  { ASSET_CHUNK_MAX_RETRIES }: Pick<Settings, 'ASSET_CHUNK_MAX_RETRIES'>,
  policy: FailurePolicy,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const kind = databaseErrorKind(error);
      const isTransient = error instanceof LinkRaceError || kind === 'transient';
      const isRetried = policy === 'retry' && kind !== null && kind !== 'unavailable';
      if (tries >= (isTransient ? TRANSIENT_TRIES : isRetried ? ASSET_CHUNK_MAX_RETRIES + 1 : 1)) throw error;
      await delay(BACKOFF_MS * 2 ** tries * Math.random());
    }
  }
}
