import type { Client } from 'pg';

/**
 * Makes the database itself refuse assets of these names, as a constraint does that a DBA adds: the chunk's own
 * statement fails, within its transaction. @returns what takes the fault away.
 */
export async function refuseAssetsNamed(sql: Client, ...names: string[]): Promise<() => Promise<void>> {
  const list = names.map((name) => `'${name}'`).join(', ');
  await sql.query(
    `ALTER TABLE migration.assets ADD CONSTRAINT ck_test_fault CHECK (name NOT IN (${list})) NOT VALID`,
  );
  return async () => {
    await sql.query('ALTER TABLE migration.assets DROP CONSTRAINT IF EXISTS ck_test_fault');
  };
}

/**
 * Counts how often an asset of this name is inserted, also by transactions that are rolled back: a sequence takes no
 * part in them. @returns what reads the count.
 */
export async function countInserts(sql: Client, name: string): Promise<() => Promise<number>> {
  await sql.query('DROP SEQUENCE IF EXISTS migration.test_inserts; CREATE SEQUENCE migration.test_inserts');
  await sql.query(`
    CREATE OR REPLACE FUNCTION migration.test_count() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
      $$ BEGIN PERFORM nextval('migration.test_inserts'); RETURN NEW; END $$`);
  await sql.query(`
    CREATE OR REPLACE TRIGGER test_count BEFORE INSERT ON migration.assets
      FOR EACH ROW WHEN (NEW.name = '${name}') EXECUTE FUNCTION migration.test_count()`);
  return async () => {
    const { rows } = await sql.query<{ count: number }>(
      'SELECT (last_value - 1 + is_called::int)::int AS count FROM migration.test_inserts',
    );
    return rows[0]!.count;
  };
}

/** How many of a tenant's links hold both ways, and how many pointers there are at all: no half link, where equal. */
export async function countLinks(sql: Client, client_account_id: string) {
  const { rows } = await sql.query<{
    assets: number;
    pairs: number;
    pointing_assets: number;
    pointing_records: number;
  }>(
    `SELECT (SELECT count(*)::int FROM migration.assets WHERE client_account_id = $1) AS assets,
            (SELECT count(*)::int FROM migration.assets
              WHERE client_account_id = $1 AND raw_import_records_id IS NOT NULL) AS pointing_assets,
            (SELECT count(*)::int FROM migration.raw_import_records
              WHERE client_account_id = $1 AND asset_id IS NOT NULL) AS pointing_records,
            (SELECT count(*)::int FROM migration.assets a JOIN migration.raw_import_records r
                ON r.client_account_id = a.client_account_id AND r.engagement_id = a.engagement_id
               AND r.id = a.raw_import_records_id AND r.asset_id = a.id AND r.fate = 'created' AND r.is_processed
              WHERE a.client_account_id = $1) AS pairs`,
    [client_account_id],
  );
  return rows[0]!;
}
