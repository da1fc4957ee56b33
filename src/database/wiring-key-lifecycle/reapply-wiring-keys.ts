import type { Client } from 'pg';
import { requireBypass } from '../require-bypass';
import type { WiringKey } from '../wiring-keys';
import {
  addTransaction,
  replaceTransaction,
  validateTransaction,
  type LockingTransaction,
} from './locking-transaction';
import { readKeyStates, type KeyState } from './read-key-states';
import { runWhenUnblocked, type Patience } from './run-when-unblocked';

export interface Reapplied {
  key: WiringKey;
  /** Before. */
  was: KeyState;
  /** Rows that violate it; above zero it stays NOT VALID, which binds new rows all the same. */
  violations: number;
  /** Attempts that met a lock. */
  retries: number;
  tookMs: number;
}

/** What brings a key in this state back to valid, in order. */
export function reapplyTransactions(key: WiringKey, state: KeyState): LockingTransaction[] {
  switch (state) {
    case 'missing':
      return [addTransaction(key), validateTransaction(key)];
    case 'triggers disabled':
      return [replaceTransaction(key), validateTransaction(key)];
    case 'not valid':
      return [validateTransaction(key)];
    case 'valid':
      return [];
  }
}

/**
 * Brings the keys back, one after the other, each bound to new rows before old rows are read.
 * @param onReapplied told of each key as soon as it is done.
 * @throws StillBlockedError at the deadline; what was reapplied until then stays.
 */
export async function reapplyWiringKeys(
  client: Client,
  keys: readonly WiringKey[],
  patience: Patience,
  onReapplied: (result: Reapplied) => void,
): Promise<void> {
  await requireBypass(client);
  for (const [key, was] of await readKeyStates(client, keys)) {
    const started = performance.now();
    let retries = 0;
    let violations = 0;
    for (const transaction of reapplyTransactions(key, was)) {
      try {
        retries += (await runWhenUnblocked(client, transaction, patience)) - 1;
      } catch (error) {
        if ((error as { code?: string }).code !== FOREIGN_KEY_VIOLATION) throw error;
        violations = await countViolations(client, key);
      }
    }
    onReapplied({ key, was, violations, retries, tookMs: performance.now() - started });
  }
}

const FOREIGN_KEY_VIOLATION = '23503';

async function countViolations(client: Client, { violationsSql }: WiringKey): Promise<number> {
  const { rows } = await client.query<{ violations: number }>(violationsSql);
  return rows[0]?.violations ?? 0;
}
