import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';

/** A replica that is further behind would answer with what was true before. */
const MAX_LAG = '5 seconds';
const LONGEST_WAIT_MS = 10_000;
const LOOK_EVERY_MS = 250;

/** Pauses, and goes on pausing while sessions wait for locks or a replica lags; some progress is made all the same. */
export async function throttle(client: Client, pauseMs: number): Promise<void> {
  await delay(pauseMs);
  const giveUpAt = performance.now() + LONGEST_WAIT_MS;
  while (performance.now() < giveUpAt && (await isBusy(client))) await delay(LOOK_EVERY_MS);
}

async function isBusy(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ busy: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
         OR EXISTS (SELECT FROM pg_stat_replication WHERE replay_lag > $1::interval) AS busy`,
    [MAX_LAG],
  );
  return rows[0]?.busy === true;
}
