import type { DataSource } from 'typeorm';

/** Rows that a table is known to have, from which on its plans stay right while it grows. */
const GROWN_UP = 10_000;

/**
 * Analyses the big tables that have doubled since they were last analysed, without waiting for autovacuum's next
 * round. It matters most on a young database: the checks of the foreign keys keep the plan of a session's first
 * chunk, and without statistics that plan may go through an index by the tenant alone, which reads all of the
 * tenant's rows for each single check. ANALYZE makes every session plan again. Where a VACUUM or a VALIDATE is at
 * work on the table it is left for the next time. Only a table's owner may analyse it, so a function of the owner's does.
 */
export async function refreshStatistics(dataSource: DataSource): Promise<void> {
  await dataSource.query('SELECT migration.refresh_statistics()');
}

/**
 * As `refreshStatistics`, while little is known of one of the tables, so that it is worth waiting for. Later it takes tenths
 * of a second, and whoever writes leaves it to the keeper.
 */
export async function refreshYoungStatistics(dataSource: DataSource): Promise<void> {
  await dataSource.query(
    `SELECT migration.refresh_statistics()
      WHERE EXISTS (SELECT FROM pg_class c
                     WHERE c.relnamespace = 'migration'::regnamespace AND c.relname IN ('assets', 'raw_import_records')
                       AND c.reltuples < $1)`,
    [GROWN_UP],
  );
}
