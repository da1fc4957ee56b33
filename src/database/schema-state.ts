import { MIGRATIONS } from '../../migrations/all-migrations';
import { HISTORY_TABLE } from './data-source-options';

export interface MigrationState {
  name: string;
  executed: boolean;
}

/** Runs a statement without parameters. @returns its rows. */
type Query = (sql: string) => Promise<unknown>;

/** Every migration of this build, oldest first, and whether the database has it. A bare database has none. */
export async function schemaState(query: Query): Promise<MigrationState[]> {
  const [found] = (await query(
    `SELECT to_regclass('migration.${HISTORY_TABLE}') IS NOT NULL AS present`,
  )) as { present: boolean }[];
  const rows = found?.present
    ? ((await query(`SELECT name FROM migration.${HISTORY_TABLE}`)) as { name: string }[])
    : [];
  const executed = new Set(rows.map(({ name }) => name));
  return MIGRATIONS.map((Migration) => {
    const { name } = new Migration();
    return { name, executed: executed.has(name) };
  });
}
