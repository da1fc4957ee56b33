import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { attemptTimeouts, type Timeouts } from './attempt-timeouts';
import { findBlockers, type Blocker } from './find-blockers';
import type { NeededLocks } from './table-locks';

export interface Patience {
  /** How long an attempt waits for a table at most, and all behind it. Must be below deadlock_timeout. */
  lockTimeoutMs: number;
  /** How long an attempt keeps writers waiting at the gate at most. */
  longestGateMs: number;
  /** The server's. Autovacuum gives way by itself to whoever has waited for as long; null: it is waited out instead. */
  deadlockTimeoutMs: number | null;
  /** When to give up on one transaction. */
  deadlineMs: number;
  /** End the sessions that block us; their users lose their work. */
  terminateBlockers: boolean;
  onTerminated: (blocker: Blocker) => void;
}

/** The transaction did not get its locks; nothing was changed. */
export class StillBlockedError extends Error {
  constructor(
    readonly blockers: readonly Blocker[],
    readonly attempts: number,
  ) {
    super('The locks were not to be had in time');
  }
}

/** Lock timeout, deadlock, statement timeout. */
const RETRYABLE = ['55P03', '40P01', '57014'];
const SHORTEST_PAUSE_MS = 20;

/**
 * Attempts it again and again where it meets locks. Between two attempts the writers that queued behind the first go on.
 * @param client to look for whoever is in the way, after an attempt that has been rolled back.
 * @returns the number of attempts.
 * @throws StillBlockedError at the deadline.
 */
export async function untilUnblocked(
  client: Client,
  needed: NeededLocks,
  patience: Patience,
  attempt: (timeouts: Timeouts) => Promise<void>,
): Promise<number> {
  const giveUpAt = performance.now() + patience.deadlineMs;
  let outwait = false;
  let holders: Blocker[] = [];
  for (let attempts = 1; ; attempts += 1) {
    const started = performance.now();
    try {
      const timeouts = attemptTimeouts(patience, attempts, giveUpAt - started);
      if (outwait && patience.deadlockTimeoutMs !== null)
        timeouts.lockTimeoutMs = patience.deadlockTimeoutMs + patience.lockTimeoutMs;
      await attempt(timeouts);
      return attempts;
    } catch (error) {
      if (!RETRYABLE.includes((error as { code?: string }).code ?? '')) throw error;
    }
    const waitedMs = performance.now() - started;
    const before = new Set(holders.map(({ transaction: id }) => id));
    holders = await findBlockers(client, needed);
    // Whoever queued behind us has a lock by now too. Only who had one already when the attempt began was in the way.
    const blockers = attempts === 1 ? holders : holders.filter(({ transaction: id }) => before.has(id));
    if (performance.now() >= giveUpAt) throw new StillBlockedError(blockers, attempts);
    outwait = await cancelVacuum(client, holders);
    if (patience.terminateBlockers && attempts > 1 && waitedMs >= patience.lockTimeoutMs)
      await terminate(client, blockers, patience);
    // In proportion, so that writers have their share of the time however long the attempts are.
    await delay(Math.max(SHORTEST_PAUSE_MS, waitedMs * (0.25 + Math.random() / 2)));
  }
}

/**
 * Autovacuum gives way by itself to whoever waits for deadlock_timeout, which we do not, since a writer without the
 * gate might die of it. A mere ANALYZE is left alone: it is short, and without its statistics the key checks of the
 * writers take long. One against wraparound gives way to nobody, but may be cancelled: it is begun again within a
 * minute.
 * @returns whether one is left to which only longer waiting helps: not every role may cancel it, or see what it is.
 */
async function cancelVacuum(client: Client, holders: readonly Blocker[]): Promise<boolean> {
  let outwait = false;
  for (const { pid, user_name, backend_type, vacuum } of holders) {
    const isHidden = pid !== null && user_name === null && backend_type === null;
    if (!vacuum && !isHidden) continue;
    await client.query('SELECT pg_cancel_backend($1)', [pid]).catch(() => {
      outwait ||= vacuum !== 'against wraparound';
    });
  }
  return outwait;
}

async function terminate(
  client: Client,
  blockers: readonly Blocker[],
  { onTerminated }: Patience,
): Promise<void> {
  for (const blocker of blockers) {
    const { user_name, backend_type } = blocker;
    if (user_name === null || !['client backend', null].includes(backend_type)) continue;
    // Not every role may; then it stays among the blockers that are named in the end.
    const { rows } = await client
      .query<{ ended: boolean }>('SELECT pg_terminate_backend($1, 1000) AS ended', [blocker.pid])
      .catch(() => ({ rows: [] }));
    if (rows[0]?.ended) onTerminated(blocker);
  }
}
