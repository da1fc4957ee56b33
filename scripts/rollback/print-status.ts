import type { Client } from 'pg';
import { requireBypass } from '../../src/database/require-bypass';
import type { WiringKey } from '../../src/database/wiring-keys';
import { countViolations } from '../../src/database/wiring-key-lifecycle/count-violations';
import { describeBlocker } from '../../src/database/locking/describe-blocker';
import { findBlockers } from '../../src/database/locking/find-blockers';
import { dropTransaction } from '../../src/database/wiring-key-lifecycle/locking-transaction';
import { readKeyStates } from '../../src/database/wiring-key-lifecycle/read-key-states';

/** For all keys together: whoever asks at night wants to know now, and a count reads whole tables. */
const COUNT_WITHIN_MS = 10_000;

/**
 * A line per key and one per session with locks on their tables. Violations of valid keys are counted too, since rows
 * that were written with triggers off (session_replication_role) get past a key unseen.
 */
export async function printStatus(
  client: Client,
  keys: readonly WiringKey[],
  say: (line: string) => void,
): Promise<void> {
  const blockers = await findBlockers(client, dropTransaction(keys), { withWaiting: true });
  const cannotCount = await requireBypass(client).catch((error: unknown) => (error as Error).message);
  const countUntil = performance.now() + COUNT_WITHIN_MS;
  for (const [key, state] of await readKeyStates(client, keys)) {
    const count = cannotCount ? 'not counted' : await countLine(client, key, countUntil);
    say(`${key.name.padEnd(34)}${state.padEnd(19)}${count}`);
  }
  if (cannotCount) say(`Not counted. ${cannotCount}`);
  say(
    blockers.length === 0 ? 'No session has locks on their tables.' : 'Sessions with locks on their tables:',
  );
  for (const blocker of blockers) say(`  ${describeBlocker(blocker)}`);
}

async function countLine(client: Client, key: WiringKey, until: number): Promise<string> {
  const leftMs = until - performance.now();
  const violations = leftMs < 1 ? null : await countViolations(client, key, leftMs);
  if (violations === null) return `violations not counted within ${COUNT_WITHIN_MS / 1000} s`;
  return `${violations} ${violations === 1 ? 'violation' : 'violations'}`;
}
