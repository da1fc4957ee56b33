import type { Client } from 'pg';
import type { WiringKey } from '../wiring-keys';
import { dropTransaction } from './locking-transaction';
import { readKeyStates } from './read-key-states';
import type { Patience } from '../locking/until-unblocked';
import { runWhenUnblocked } from './run-when-unblocked';

export interface Drop {
  attempts: number;
  dropped: WiringKey[];
  /** Present in spite of it, because another process put them back meanwhile. */
  left: WiringKey[];
}

/**
 * Drops the keys, all or none. Does nothing, and waits for nobody, where none is there.
 * @throws StillBlockedError at the deadline.
 */
export async function dropWiringKeys(
  client: Client,
  keys: readonly WiringKey[],
  patience: Patience,
): Promise<Drop> {
  const present = await presentKeys(client, keys);
  if (present.length === 0) return { attempts: 0, dropped: [], left: [] };
  const attempts = await runWhenUnblocked(client, dropTransaction(keys), patience);
  return { attempts, dropped: present, left: await presentKeys(client, keys) };
}

async function presentKeys(client: Client, keys: readonly WiringKey[]): Promise<WiringKey[]> {
  const states = await readKeyStates(client, keys);
  return keys.filter((key) => states.get(key) !== 'missing');
}
