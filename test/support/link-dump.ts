import type { Client } from 'pg';
import type { Tenant } from '../../src/tenancy/tenant';

const TABLES = ['assets', 'raw_import_records', 'discovery_flows', 'crewai_flow_state_extensions'];

export type LinkDump = Record<string, Record<string, unknown>[]>;

/** All rows of the tenant that a repair may write, as they are to the last microsecond. */
export async function dumpLinks(
  sql: Client,
  { client_account_id, engagement_id }: Tenant,
): Promise<LinkDump> {
  const tables: LinkDump = {};
  for (const table of TABLES) {
    const { rows } = await sql.query<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM migration.${table} t WHERE client_account_id = $1 AND engagement_id = $2 ORDER BY id`,
      [client_account_id, engagement_id],
    );
    tables[table] = rows.map(({ row }) => row);
  }
  return tables;
}

/** What differs, times and the legacy public id of an asset aside: the one changes, the other is read and never written. */
export function unlike(dump: LinkDump, other: LinkDump): string[] {
  const text = (row: Record<string, unknown>) =>
    JSON.stringify({ ...row, updated_at: 0, processed_at: 0, ...('asset_type' in row && { flow_id: 0 }) });
  return TABLES.flatMap((table) => {
    const known = new Set(other[table]!.map(text));
    return dump[table]!.map(text).filter((row) => !known.has(row));
  });
}
