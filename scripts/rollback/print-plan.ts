import type { Client } from 'pg';
import type { WiringKey } from '../../src/database/wiring-keys';
import { attemptTimeouts } from '../../src/database/locking/attempt-timeouts';
import { describeBlocker } from '../../src/database/locking/describe-blocker';
import { findBlockers } from '../../src/database/locking/find-blockers';
import type { Patience } from '../../src/database/locking/until-unblocked';
import { dropTransaction, transactionSql } from '../../src/database/wiring-key-lifecycle/locking-transaction';
import { readKeyStates } from '../../src/database/wiring-key-lifecycle/read-key-states';
import {
  reapplyTransactions,
  type Reapplication,
} from '../../src/database/wiring-key-lifecycle/reapply-wiring-keys';

/** The exact SQL of the first attempt; later ones differ in their timeouts. Each transaction with those who would block it now. */
export async function printPlan(
  client: Client,
  command: 'drop' | Reapplication,
  keys: readonly WiringKey[],
  patience: Patience,
  say: (line: string) => void,
): Promise<void> {
  const states = await readKeyStates(client, keys);
  const transactions =
    command === 'drop'
      ? [dropTransaction(keys)]
      : [...states].flatMap(([key, state]) => reapplyTransactions(key, state, command));
  for (const transaction of transactions) {
    say(`\n${transactionSql(transaction, attemptTimeouts(patience, 1))}`);
    const blockers = await findBlockers(client, transaction);
    say(blockers.length === 0 ? '-- Nobody would block it now.' : '-- These would block it now:');
    for (const blocker of blockers) say(`--   ${describeBlocker(blocker)}`);
  }
  if (transactions.length === 0) say('\n-- Nothing to do.');
  const found = [...new Set(states.values())].map(
    (state) => `${[...states.values()].filter((other) => other === state).length} ${state}`,
  );
  say(`\nDry run, nothing was changed. Keys: ${found.join(', ')}.`);
}
