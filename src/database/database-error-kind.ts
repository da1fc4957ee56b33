import { isNativeError } from 'node:util/types';
import { DatabaseError } from 'pg';

export type DatabaseErrorKind =
  /** The server is away, or the pool gave out no connection in time. */
  | 'unavailable'
  /** Nothing is wrong with the data: the same transaction may succeed when it runs again. */
  | 'transient'
  /** A statement or a lock took longer than its limit. */
  | 'timeout'
  /** The server has no room left on its disk. */
  | 'disk full'
  /** The data are at fault, one row's perhaps: running it again changes nothing, leaving that row out does. */
  | 'data'
  /** The statement is at fault, or the server; running it again changes nothing. */
  | 'fault';

const CLASSES: readonly [RegExp, DatabaseErrorKind][] = [
  [/^(08...|57P0[1-5]|53300|28...|3D000)$/, 'unavailable'],
  [/^(40001|40P01)$/, 'transient'],
  [/^(57014|55P03)$/, 'timeout'],
  [/^53100$/, 'disk full'],
  // Values, constraints, limits of a row or an index entry, and what a trigger raises about a row.
  [/^(22...|23...|54...|P0...)$/, 'data'],
];

// A connection that dies reaches us without an SQLSTATE: from the socket by its code, from pg and TypeORM by text.
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
]);
const CONNECTION_LOST =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error|Query runner already released|not queryable|pool after calling end/i;

/** @returns null when the error did not come from the database or the way to it. */
export function databaseErrorKind(error: unknown): DatabaseErrorKind | null {
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    return CLASSES.find(([pattern]) => pattern.test(code))?.[1] ?? 'fault';
  }
  // Node's own errors are of another realm than ours under Jest, where instanceof denies them.
  if (!isNativeError(error)) return null;
  if ('code' in error && NETWORK_CODES.has(String(error.code))) return 'unavailable';
  return CONNECTION_LOST.test(error.message) ? 'unavailable' : null;
}
