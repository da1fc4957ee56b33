import type { Client } from 'pg';
import { escapeIdentifier } from 'pg';

/**
 * Rebuilds the indexes that an interrupted CREATE INDEX CONCURRENTLY left invalid: they cost writes, serve no
 * read, and `IF NOT EXISTS` takes them for done. Call it under the migration lock, so that no build of ours is
 * still under way.
 */
export async function repairInvalidIndexes(client: Client, notice: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT c.relname AS name
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'migration' AND NOT i.indisvalid`);
  for (const { name } of rows) {
    const index = `migration.${escapeIdentifier(name)}`;
    // An interrupted REINDEX leaves its half-built copy under this name, beside the index that still serves.
    const isLeftover = /_cc(new|old)\d*$/.test(name);
    notice(`${isLeftover ? 'dropping' : 'rebuilding'} invalid index ${name}`);
    await client.query(`${isLeftover ? 'DROP INDEX CONCURRENTLY' : 'REINDEX INDEX CONCURRENTLY'} ${index}`);
  }
}
