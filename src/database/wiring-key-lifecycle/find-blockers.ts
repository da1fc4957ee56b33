import type { Client } from 'pg';
import { WRITERS_GATE } from '../writers-gate';
import { conflictingLocks, type LockingTransaction } from './locking-transaction';

/** A session that holds what a transaction waits for. Columns are null where our role may not see them. */
export interface Blocker {
  /** Null for a prepared transaction, which has no session. */
  pid: number | null;
  user_name: string | null;
  application_name: string | null;
  backend_type: string | null;
  state: string | null;
  /** Age of its transaction. */
  seconds: number | null;
  query: string | null;
}

/**
 * Who holds a lock that the transaction needs, oldest first.
 * @param minimumAgeMs leaves out younger transactions. Whoever made us wait for the whole of a lock_timeout had its
 *   lock before, so that time as an age tells the blockers from those who come and go.
 */
export async function findBlockers(
  client: Client,
  transaction: LockingTransaction,
  minimumAgeMs: number,
): Promise<Blocker[]> {
  const conflicts = conflictingLocks(transaction);
  const { rows } = await client.query<Blocker>(
    `SELECT DISTINCT activity.pid, activity.usename AS user_name, activity.application_name, activity.backend_type,
            activity.state, extract(epoch FROM statement_timestamp() - activity.xact_start)::float8 AS seconds,
            regexp_replace(left(activity.query, 100), '\\s+', ' ', 'g') AS query
     FROM pg_locks AS held
     LEFT JOIN pg_stat_activity AS activity ON activity.pid = held.pid
     LEFT JOIN unnest($1::text[], $2::text[]) AS conflict (relation, mode)
       ON held.relation = to_regclass('migration.' || conflict.relation) AND held.mode = conflict.mode
     WHERE held.granted
       AND held.pid IS DISTINCT FROM pg_backend_pid()
       AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (held.locktype = 'relation' AND conflict.relation IS NOT NULL
            OR held.locktype = 'advisory' AND held.objsubid = 1 AND $3
               AND (held.classid::bigint << 32 | held.objid::bigint) = ${WRITERS_GATE})
       AND coalesce(activity.xact_start, '-infinity') <= statement_timestamp() - $4 * interval '1 millisecond'
     ORDER BY seconds DESC NULLS FIRST`,
    [conflicts.map(({ table }) => table), conflicts.map(({ mode }) => mode), transaction.gated, minimumAgeMs],
  );
  return rows;
}

/** In one line, for a person who has to decide what to do about it. */
export function describeBlocker({
  pid,
  user_name,
  application_name,
  backend_type,
  state,
  seconds,
  query,
}: Blocker) {
  if (pid === null) return 'a prepared transaction (see pg_prepared_xacts)';
  const who = [`pid ${pid}`, user_name && `user ${user_name}`, application_name].filter(Boolean).join(', ');
  const what = backend_type === 'client backend' ? (state ?? 'of another role') : (backend_type ?? 'unknown');
  const since = seconds === null ? '' : ` for ${seconds.toFixed(1)} s`;
  return `${who}: ${what}${since}${query ? `: ${query}` : ''}`;
}
