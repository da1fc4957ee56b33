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
