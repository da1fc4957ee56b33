import type { Client } from 'pg';
import { requireBypass } from '../require-bypass';
import type { WiringKey } from '../wiring-keys';
import { countViolations } from './count-violations';
import {
  addTransaction,
  replaceTransaction,
  validateTransaction,
  type LockingTransaction,
} from './locking-transaction';
import { readKeyStates, type KeyState } from './read-key-states';
import type { Patience } from '../locking/until-unblocked';
import { runWhenUnblocked } from './run-when-unblocked';

export interface Reapplied {
  key: WiringKey;
  /** Before. */
  was: KeyState;
  now: KeyState;
  /** Rows that violate it; above zero it stays NOT VALID, which binds new rows all the same. */
  violations: number;
  /** Attempts that met a lock. */
  retries: number;
  tookMs: number;
}

/** The way back to valid, or one half of it: new rows are bound in milliseconds, old ones are read at leisure. */
export type Reapplication = 'reapply' | 'add' | 'validate';

/** What brings a key in this state back, in order. */
export function reapplyTransactions(
  key: WiringKey,
  state: KeyState,
  part: Reapplication,
): LockingTransaction[] {
  const isBound = state === 'valid' || state === 'not valid';
  const add = isBound ? [] : [state === 'missing' ? addTransaction(key) : replaceTransaction(key)];
  const validate = state === 'valid' ? [] : [validateTransaction(key)];
  switch (part) {
    case 'add':
      return add;
    case 'validate':
      return isBound ? validate : [];
    case 'reapply':
      return [...add, ...validate];
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
  part: Reapplication,
  onReapplied: (result: Reapplied) => void,
): Promise<void> {
  // To add reads no row.
  if (part !== 'add') await requireBypass(client);
  for (const [key, was] of await readKeyStates(client, keys)) {
    const started = performance.now();
    let retries = 0;
    let violations = 0;
    for (const transaction of reapplyTransactions(key, was, part)) {
      try {
        retries += (await runWhenUnblocked(client, transaction, patience)) - 1;
      } catch (error) {
        if ((error as { code?: string }).code !== FOREIGN_KEY_VIOLATION) throw error;
        violations = (await countViolations(client, key, 0)) ?? 0;
      }
    }
    const now = (await readKeyStates(client, [key])).get(key) ?? 'missing';
    onReapplied({ key, was, now, violations, retries, tookMs: performance.now() - started });
  }
}

const FOREIGN_KEY_VIOLATION = '23503';
