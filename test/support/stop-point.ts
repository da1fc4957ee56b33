import { Client } from 'pg';
import { waitFor } from './wait-for';

const LOCK = 7301864229999;

export interface StopPoint {
  /** Waits until the service stands there. @returns the backend of its transaction. */
  reached(): Promise<number>;
  /** Lets it go on, and takes the trap away. */
  release(): Promise<void>;
}

/**
 * Makes whoever writes such a row wait within its transaction, by a trigger that wants a lock that the test holds:
 * the service stands at this very statement for as long as the test needs, and nobody sleeps.
 *
 * @param event as in CREATE TRIGGER: `BEFORE INSERT ON migration.assets`; with `atCommit` the transaction stands when
 * its deferred constraints are checked, the last thing before its COMMIT.
 * @param when its condition, over NEW and OLD.
 */
export async function stopAt(
  databaseUrl: string,
  { event, when, atCommit = false }: { event: string; when: string; atCommit?: boolean },
): Promise<StopPoint> {
  const holder = new Client({ connectionString: databaseUrl });
  await holder.connect();
  const table = /ON (\S+)/.exec(event)?.[1];
  await holder.query(`SELECT pg_advisory_lock(${LOCK})`);
  await holder.query(`
    CREATE OR REPLACE FUNCTION migration.test_stop() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCK}); RETURN NEW; END'`);
  await holder.query(`
    CREATE ${atCommit ? 'CONSTRAINT' : ''} TRIGGER test_stop ${event} ${atCommit ? 'DEFERRABLE INITIALLY DEFERRED' : ''}
      FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION migration.test_stop()`);
  return {
    reached: () =>
      waitFor(`the service at ${event} when ${when}`, async () => {
        const { rows } = await holder.query<{ pid: number }>(
          `SELECT pid FROM pg_locks
            WHERE locktype = 'advisory' AND NOT granted AND (classid::bigint << 32) + objid::bigint = ${LOCK}
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        return rows[0]?.pid;
      }),
    release: async () => {
      await holder.query(`SELECT pg_advisory_unlock(${LOCK})`);
      // Waits until the transaction that stood here has ended.
      await holder.query(`DROP TRIGGER test_stop ON ${String(table)}`);
      await holder.end();
    },
  };
}
