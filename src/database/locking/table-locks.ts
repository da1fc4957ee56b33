import { WRITERS_GATE } from '../writers-gate';

/** By PostgreSQL's names in pg_locks, weakest first. */
export const TABLE_LOCKS = [
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

const SQL_MODES: Readonly<Record<keyof typeof WEAKEST_CONFLICT, string>> = {
  RowShareLock: 'ROW SHARE',
  ShareUpdateExclusiveLock: 'SHARE UPDATE EXCLUSIVE',
  ShareRowExclusiveLock: 'SHARE ROW EXCLUSIVE',
  AccessExclusiveLock: 'ACCESS EXCLUSIVE',
};

export type LockMode = keyof typeof WEAKEST_CONFLICT;

/** The locks for which a transaction may have to wait. */
export interface NeededLocks {
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

/** Locks of one mode, in that order; tables that no writer touches beside others come last. */
export function tableLocks(mode: LockMode, tables: readonly string[]): NeededLocks['locks'] {
  const known = WRITERS_ORDER.filter((table) => tables.includes(table));
  const others = [...new Set(tables)].filter((table) => !WRITERS_ORDER.includes(table));
  return [...known, ...others].map((table) => ({ table, mode }));
}

/** All of them at once: what follows waits for nobody. */
export function lockTables(locks: NeededLocks['locks']): string {
  const modes = new Set(locks.map(({ mode }) => SQL_MODES[mode]));
  if (modes.size !== 1) throw new Error('tables are locked in one mode');
  return `LOCK TABLE ${locks.map(({ table }) => `migration.${table}`).join(', ')} IN ${[...modes].join('')} MODE`;
}

/** Waits for the writers under way, and lets no other in until the transaction ends. */
export const CLOSE_GATE = `SELECT pg_advisory_xact_lock(${WRITERS_GATE})`;

/** Which table locks of others keep the transaction waiting, as pairs of table and mode. */
export function conflictingLocks({ locks }: NeededLocks): { table: string; mode: string }[] {
  return locks.flatMap(({ table, mode }) =>
    TABLE_LOCKS.slice(TABLE_LOCKS.indexOf(WEAKEST_CONFLICT[mode])).map((other) => ({ table, mode: other })),
  );
}
