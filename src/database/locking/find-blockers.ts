import type { Client } from 'pg';
import { WRITERS_GATE } from '../writers-gate';
import { conflictingLocks, type NeededLocks } from './table-locks';

/** A session with a lock that a transaction needs. Columns are null where our role may not see them. */
export interface Blocker {
  /** PostgreSQL's virtual transaction id: the same session is another blocker in its next transaction. */
  transaction: string;
  /** Null for a prepared transaction, which has no session. */
  pid: number | null;
  /** Null for a process of the server itself, such as autovacuum. */
  user_name: string | null;
  application_name: string | null;
  backend_type: string | null;
  state: string | null;
  /** Age of its transaction. */
  transaction_seconds: number | null;
  /** Since its latest statement began, which may have ended. */
  statement_seconds: number | null;
  /** PostgreSQL itself cancels an ordinary one for whoever waits long enough. */
  vacuum: 'ordinary' | 'against wraparound' | null;
  /** Tables, or the writers' gate; null for none. */
  holds: string[] | null;
  awaits: string[] | null;
}

/**
 * Who holds one of these locks, oldest first. The texts of their statements are left out, since values
 * of tenants stand in them.
 * @param withWaiting also who waits for such a lock and holds none.
 */
export async function findBlockers(
  client: Client,
  needed: NeededLocks,
  { withWaiting = false } = {},
): Promise<Blocker[]> {
  const conflicts = conflictingLocks(needed);
  const { rows } = await client.query<Blocker>(
    `SELECT theirs.virtualtransaction AS transaction, theirs.pid, activity.usename AS user_name,
            activity.application_name, activity.backend_type, activity.state,
            extract(epoch FROM greatest(statement_timestamp() - activity.xact_start, '0'))::float8 AS transaction_seconds,
            extract(epoch FROM greatest(statement_timestamp() - activity.query_start, '0'))::float8 AS statement_seconds,
            CASE WHEN activity.query LIKE 'autovacuum: VACUUM %(to prevent wraparound)' THEN 'against wraparound'
                 WHEN activity.query LIKE 'autovacuum: VACUUM %' THEN 'ordinary' END AS vacuum,
            array_agg(DISTINCT theirs.target) FILTER (WHERE theirs.granted) AS holds,
            array_agg(DISTINCT theirs.target) FILTER (WHERE NOT theirs.granted) AS awaits
     FROM (SELECT lock.*, coalesce(conflict.relation, 'the writers'' gate') AS target
           FROM pg_locks AS lock
           LEFT JOIN unnest($1::text[], $2::text[]) AS conflict (relation, mode)
             ON lock.relation = to_regclass('migration.' || conflict.relation) AND lock.mode = conflict.mode
           WHERE lock.pid IS DISTINCT FROM pg_backend_pid()
             AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND (lock.locktype = 'relation' AND conflict.relation IS NOT NULL
                  OR lock.locktype = 'advisory' AND lock.objsubid = 1 AND $3
                     AND (lock.classid::bigint << 32 | lock.objid::bigint) = ${WRITERS_GATE})) AS theirs
     LEFT JOIN pg_stat_activity AS activity ON activity.pid = theirs.pid
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
     HAVING $4 OR bool_or(theirs.granted)
     ORDER BY transaction_seconds DESC NULLS FIRST`,
    [conflicts.map(({ table }) => table), conflicts.map(({ mode }) => mode), needed.gated, withWaiting],
  );
  return rows;
}
