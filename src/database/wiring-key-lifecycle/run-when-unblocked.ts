import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { findBlockers, type Blocker } from './find-blockers';
import { transactionSql, type LockingTransaction } from './locking-transaction';

export interface Patience {
  /** How long one attempt waits for a lock, and writers behind it. Must be below deadlock_timeout. */
  lockTimeoutMs: number;
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
/** Writers stand still for as long. */
const LONGEST_GATE_MS = 5_000;
const PAUSE_MS = { shortest: 50, longest: 250 };

/**
 * Runs the transaction, again and again where it meets locks. Between two attempts the writers that queued behind
 * the first go on.
 * @returns the number of attempts.
 * @throws StillBlockedError at the deadline.
 */
export async function runWhenUnblocked(
  client: Client,
  transaction: LockingTransaction,
  patience: Patience,
): Promise<number> {
  const { lockTimeoutMs, deadlineMs } = patience;
  const giveUpAt = Date.now() + deadlineMs;
  for (let attempts = 1; ; attempts += 1) {
    try {
      // Longer every time, or writers whose chunks outlast the lock timeout would keep us out for ever.
      const gateTimeoutMs = Math.min(lockTimeoutMs * attempts, LONGEST_GATE_MS);
      await client.query(transactionSql(transaction, { gateTimeoutMs, lockTimeoutMs }));
      return attempts;
    } catch (error) {
      // On a broken connection ROLLBACK fails too; the first error is the one that says why.
      await client.query('ROLLBACK').catch(() => undefined);
      if (!RETRYABLE.includes((error as { code?: string }).code ?? '')) throw error;
    }
    const blockers = await findBlockers(client, transaction, lockTimeoutMs);
    if (Date.now() >= giveUpAt) throw new StillBlockedError(blockers, attempts);
    await cancelVacuum(client, blockers);
    if (patience.terminateBlockers) await terminate(client, blockers, patience);
    await delay(PAUSE_MS.shortest + Math.random() * (PAUSE_MS.longest - PAUSE_MS.shortest));
  }
}

/**
 * Autovacuum gives way by itself to whoever waits for deadlock_timeout, which we never do. A mere ANALYZE is left
 * alone: it is short, and without its statistics the key checks of the writers take long.
 */
async function cancelVacuum(client: Client, blockers: readonly Blocker[]): Promise<void> {
  for (const { pid, backend_type, query } of blockers) {
    if (backend_type !== 'autovacuum worker' || !query?.startsWith('autovacuum: VACUUM')) continue;
    // Not every role may; then it stays among the blockers that are named in the end.
    await client.query('SELECT pg_cancel_backend($1)', [pid]).catch(() => undefined);
  }
}

async function terminate(
  client: Client,
  blockers: readonly Blocker[],
  { onTerminated }: Patience,
): Promise<void> {
  for (const blocker of blockers) {
    if (blocker.backend_type !== 'client backend') continue;
    await client.query('SELECT pg_terminate_backend($1, 1000)', [blocker.pid]);
    onTerminated(blocker);
  }
}
