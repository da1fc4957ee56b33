import type { DataSource } from 'typeorm';

/**
 * Analyses the big tables that have doubled since they were last analysed, without waiting for autovacuum's next
 * round. It matters most on a young database: the checks of the foreign keys keep the plan of a session's first
 * chunk, and without statistics that plan may go through an index by the tenant alone, which reads all of the
 * tenant's rows for each single check. ANALYZE makes every session plan again. Where a VACUUM or a VALIDATE is at
 * work on the table it is left for the next time.
 */
export async function refreshStatistics(dataSource: DataSource): Promise<void> {
  const grown = await dataSource.query<{ name: string }[]>(
    `SELECT c.relname AS name
       FROM pg_class c
      WHERE c.relnamespace = to_regnamespace('migration') AND c.relname IN ('assets', 'raw_import_records')
        AND pg_relation_size(c.oid) > 2 * c.relpages::bigint * current_setting('block_size')::int`,
  );
  for (const { name } of grown) await dataSource.query(`ANALYZE (SKIP_LOCKED) migration.${name}`);
}
