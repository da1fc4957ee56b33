import type { Client } from 'pg';
import type { Tenant } from '../../src/tenancy/tenant';
import type { ApiClient } from '../support/api-client';
import type { PlantedTenants } from './planted-tenants';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** What no answer may tell, whoever asks. */
export interface Secrets {
  /** Ids of other tenants' rows, but those that we wrote into texts of our own. */
  ids: Set<string>;
  /** What stands in every other tenant's texts. */
  marker: string;
  /** Names of constraints and the like, which errors of the database quote. */
  names: readonly string[];
}

export async function readSecrets(sql: Client, { own, foreign, marker }: PlantedTenants): Promise<Secrets> {
  return { ids: await idsOf(sql, foreign, own.tenant), marker, names: await namesOf(sql) };
}

export function uuidsIn(text: string): string[] {
  return [...text.toLowerCase().matchAll(UUID)].map(([id]) => id);
}

/** Every id in the rows of tenants, but not those of the tenant that asks. */
async function idsOf(sql: Client, clients: ApiClient[], own: Tenant): Promise<Set<string>> {
  const { rows: columns } = await sql.query<{ name: string; id: string }>(
    `SELECT c.table_name AS name, c.column_name AS id FROM information_schema.columns c
      WHERE c.table_schema = 'migration' AND c.data_type = 'uuid'
        AND EXISTS (SELECT FROM information_schema.columns t
                     WHERE t.table_schema = c.table_schema AND t.table_name = c.table_name
                       AND t.column_name = 'engagement_id')`,
  );
  const ids = new Set<string>();
  for (const { tenant } of clients) {
    for (const { name, id } of columns) {
      const { rows } = await sql.query<{ id: string | null }>(
        `SELECT DISTINCT ${id} AS id FROM migration.${name} WHERE client_account_id = $1 AND engagement_id = $2`,
        [tenant.client_account_id, tenant.engagement_id],
      );
      for (const row of rows) if (row.id !== null) ids.add(row.id);
    }
  }
  ids.delete(own.client_account_id);
  ids.delete(own.engagement_id);
  return ids;
}

async function namesOf(sql: Client): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint WHERE connamespace = 'migration'::regnamespace
      UNION SELECT relname FROM pg_class WHERE relnamespace = 'migration'::regnamespace AND relkind = 'i'`,
  );
  return rows.map(({ name }) => name);
}
