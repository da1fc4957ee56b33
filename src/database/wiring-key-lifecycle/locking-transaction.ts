import type { Timeouts } from '../locking/attempt-timeouts';
import { CLOSE_GATE, type LockMode, lockTables, type NeededLocks, tableLocks } from '../locking/table-locks';
import type { WiringKey } from '../wiring-keys';
import { recordKeyChange } from './record-key-change';

/** A transaction over the keys, with the locks for which it may have to wait. */
export interface LockingTransaction extends NeededLocks {
  statements: readonly string[];
}

const dropKey = ({ table, name }: WiringKey) =>
  `ALTER TABLE migration.${table} DROP CONSTRAINT IF EXISTS ${name}`;

function locksOn(keys: readonly WiringKey[], mode: LockMode): NeededLocks['locks'] {
  return tableLocks(
    mode,
    keys.flatMap(({ table, references }) => [table, references]),
  );
}

function gatedTransaction(locks: NeededLocks['locks'], work: string[]): LockingTransaction {
  return { gated: true, locks, statements: [lockTables(locks), ...work] };
}

/** All of them or none: a rollback that leaves some behind has not stopped the trouble, and nobody knows it. */
export const dropTransaction = (keys: readonly WiringKey[]): LockingTransaction =>
  gatedTransaction(locksOn(keys, 'AccessExclusiveLock'), [
    recordKeyChange('wiring_keys.dropped', keys),
    ...keys.map(dropKey),
  ]);

/** NOT VALID binds new rows at once and reads no old ones. */
export const addTransaction = (key: WiringKey): LockingTransaction =>
  gatedTransaction(locksOn([key], 'ShareRowExclusiveLock'), [
    addKey(key),
    recordKeyChange('wiring_keys.added', [key]),
  ]);

/** For a key whose triggers are disabled: only a new one is enforced without superuser's rights. */
export const replaceTransaction = (key: WiringKey): LockingTransaction =>
  gatedTransaction(locksOn([key], 'AccessExclusiveLock'), [
    recordKeyChange('wiring_keys.dropped', [key]),
    dropKey(key),
    addKey(key),
    recordKeyChange('wiring_keys.added', [key]),
  ]);

const addKey = ({ table, name, definition }: WiringKey) =>
  `ALTER TABLE migration.${table} ADD CONSTRAINT ${name} ${definition} NOT VALID`;

/** Reads every row, but hinders no writer. */
export const validateTransaction = ({ table, references, name }: WiringKey): LockingTransaction => ({
  gated: false,
  locks: [
    { table, mode: 'ShareUpdateExclusiveLock' },
    { table: references, mode: 'RowShareLock' },
  ],
  statements: [
    'SET LOCAL statement_timeout = 0',
    `ALTER TABLE migration.${table} VALIDATE CONSTRAINT ${name}`,
    recordKeyChange('wiring_keys.validated', [{ name }]),
  ],
});

/**
 * The whole transaction as one text, so that it is one round trip: on a distant server the locks are not held
 * while answers travel.
 * @param gateTimeoutMs may exceed deadlock_timeout: who waits at the gate holds nothing yet, so no deadlock comes of it.
 * @param lockTimeoutMs for the tables.
 */
export function transactionSql(
  { gated, statements }: LockingTransaction,
  { gateTimeoutMs, lockTimeoutMs }: Timeouts,
): string {
  const gate = [`SET LOCAL lock_timeout = '${gateTimeoutMs}ms'`, CLOSE_GATE];
  const all = [
    'BEGIN',
    ...(gated ? gate : []),
    `SET LOCAL lock_timeout = '${lockTimeoutMs}ms'`,
    ...statements,
    'COMMIT',
  ];
  return all.map((statement) => `${statement};`).join('\n');
}
