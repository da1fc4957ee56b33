import { Client } from 'pg';
import { schemaState } from './schema-state';

/** A line per migration (`[X]` ran, `[ ]` pending), then what is half-done: invalid indexes, unvalidated keys. */
export async function showMigrations(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const migrations = (await schemaState(async (sql) => (await client.query<object>(sql)).rows)).map(
      ({ name, executed }) => `[${executed ? 'X' : ' '}] ${name}`,
    );
    const { rows } = await client.query<{ line: string }>(`
      SELECT 'invalid index ' || i.indexrelid::regclass AS line
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
       WHERE c.relnamespace = to_regnamespace('migration') AND NOT i.indisvalid
      UNION ALL
      SELECT 'not validated ' || conname || ' on ' || conrelid::regclass
        FROM pg_constraint
       WHERE connamespace = to_regnamespace('migration') AND NOT convalidated
       ORDER BY line`);
    return [...migrations, ...rows.map(({ line }) => line)];
  } finally {
    await client.end();
  }
}
