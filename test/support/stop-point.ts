import { randomInt } from 'node:crypto';
import { Client } from 'pg';
import { waitFor } from './wait-for';

export interface StopPoint {
  /** Waits until the service stands there. @returns the backend of its transaction. */
  reached(): Promise<number>;
  /** Lets it go on; nobody stops there any more. */
  release(): Promise<void>;
}

/**
 * Makes whoever writes such a row wait within its transaction, by a trigger that wants a lock that the test holds:
 * the service stands at this very statement for as long as the test needs, and nobody sleeps. No statement_timeout
 * ends it, or a slow machine would.
 * Setting one up waits for transactions that write the table, so set up all before the first is reached.
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
  // A test that fails before it releases drops the database under it.
  holder.on('error', () => undefined);
  await holder.connect();
  const lock = randomInt(2 ** 40);
  const name = `test_stop_${lock}`;
  await holder.query(`SELECT pg_advisory_lock(${lock})`);
  await holder.query(`
    CREATE FUNCTION migration.${name}() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN
           LOOP
             BEGIN
               PERFORM pg_advisory_xact_lock_shared(${lock});
               RETURN NEW;
             EXCEPTION WHEN query_canceled THEN NULL;
             END;
           END LOOP;
         END $$`);
  await holder.query(`
    CREATE ${atCommit ? 'CONSTRAINT' : ''} TRIGGER ${name} ${event} ${atCommit ? 'DEFERRABLE INITIALLY DEFERRED' : ''}
      FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION migration.${name}()`);
  return {
    reached: () =>
      waitFor(`the service at ${event} when ${when}`, async () => {
        const { rows } = await holder.query<{ pid: number }>(
          `SELECT pid FROM pg_locks
            WHERE locktype = 'advisory' AND NOT granted AND (classid::bigint << 32) + objid::bigint = ${lock}
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        return rows[0]?.pid;
      }),
    release: async () => {
      // The trigger stays, and stops nobody: taking it away would wait for transactions that stand elsewhere.
      await holder.end();
    },
  };
}
