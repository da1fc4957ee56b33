import { WRITERS_GATE } from '../writers-gate';
import type { WiringKey } from '../wiring-keys';
import { recordKeyChange } from './record-key-change';

/** By PostgreSQL's names in pg_locks, weakest first. */
const TABLE_LOCKS = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** Each of these conflicts with the lock named here and with every stronger one. */
const WEAKEST_CONFLICT = {
  RowShareLock: 'ExclusiveLock',
  ShareUpdateExclusiveLock: 'ShareUpdateExclusiveLock',
  ShareRowExclusiveLock: 'RowExclusiveLock',
  AccessExclusiveLock: 'AccessShareLock',
};

type LockMode = keyof typeof WEAKEST_CONFLICT;

/** A transaction over the keys, with the locks for which it may have to wait. */
export interface LockingTransaction {
  statements: readonly string[];
  /** Closes the gate to writers before it asks for a table. */
  gated: boolean;
  locks: readonly { table: string; mode: LockMode }[];
}

/**
 * The order in which writers touch the tables. Asked for in another order, the locks would meet a writer half-way
 * and one of both would die of a deadlock.
 */
const WRITERS_ORDER = [
  'raw_import_records',
  'assets',
  'discovery_flows',
  'data_imports',
  'crewai_flow_state_extensions',
];

const dropKey = ({ table, name }: WiringKey) =>
  `ALTER TABLE migration.${table} DROP CONSTRAINT IF EXISTS ${name}`;

function locksOn(keys: readonly WiringKey[], mode: LockMode): LockingTransaction['locks'] {
  const touched = new Set(keys.flatMap(({ table, references }) => [table, references]));
  return WRITERS_ORDER.filter((table) => touched.has(table)).map((table) => ({ table, mode }));
}

function gatedTransaction(
  locks: LockingTransaction['locks'],
  mode: string,
  work: string[],
): LockingTransaction {
  const tables = locks.map(({ table }) => `migration.${table}`).join(', ');
  return {
    gated: true,
    locks,
    statements: [`LOCK TABLE ${tables} IN ${mode} MODE`, ...work],
  };
}

/** All of them or none: a rollback that leaves some behind has not stopped the trouble, and nobody knows it. */
export const dropTransaction = (keys: readonly WiringKey[]): LockingTransaction =>
  gatedTransaction(locksOn(keys, 'AccessExclusiveLock'), 'ACCESS EXCLUSIVE', [
    recordKeyChange('wiring_keys.dropped', keys),
    ...keys.map(dropKey),
  ]);

/** NOT VALID binds new rows at once and reads no old ones. */
export const addTransaction = (key: WiringKey): LockingTransaction =>
  gatedTransaction(locksOn([key], 'ShareRowExclusiveLock'), 'SHARE ROW EXCLUSIVE', [
    addKey(key),
    recordKeyChange('wiring_keys.added', [key]),
  ]);

/** For a key whose triggers are disabled: only a new one is enforced without superuser's rights. */
export const replaceTransaction = (key: WiringKey): LockingTransaction =>
  gatedTransaction(locksOn([key], 'AccessExclusiveLock'), 'ACCESS EXCLUSIVE', [
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
  { gateTimeoutMs, lockTimeoutMs }: { gateTimeoutMs: number; lockTimeoutMs: number },
): string {
  const gate = [
    `SET LOCAL lock_timeout = '${gateTimeoutMs}ms'`,
    `SELECT pg_advisory_xact_lock(${WRITERS_GATE})`,
  ];
  const all = [
    'BEGIN',
    ...(gated ? gate : []),
    `SET LOCAL lock_timeout = '${lockTimeoutMs}ms'`,
    ...statements,
    'COMMIT',
  ];
  return all.map((statement) => `${statement};`).join('\n');
}

/** Which table locks of others keep the transaction waiting, as pairs of table and mode. */
export function conflictingLocks({ locks }: LockingTransaction): { table: string; mode: string }[] {
  return locks.flatMap(({ table, mode }) =>
    TABLE_LOCKS.slice(TABLE_LOCKS.indexOf(WEAKEST_CONFLICT[mode])).map((other) => ({ table, mode: other })),
  );
}
