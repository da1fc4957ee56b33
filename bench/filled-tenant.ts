import type { Client } from 'pg';
import type { Tenant } from '../src/tenancy/tenant';
import { newTenant } from '../test/support/api-client';

export interface FilledTenant {
  tenant: Tenant;
  /** Primary key of its one flow. */
  flow_key: string;
}

/** Ids in the order of their making, as the service's are. */
const idOf = (kind: number) =>
  `(lpad(to_hex(1764000000000 + n), 12, '0') || '7' || left(md5(n || 'a${kind}'), 3) || '8' || left(md5(n || 'b${kind}'), 15))::uuid`;

/** A tenant with so many linked pairs of asset and record, all of one flow and import, as a run leaves them. */
export async function fillTenant(sql: Client, rows: number): Promise<FilledTenant> {
  const tenant = newTenant();
  const { rows: flows } = await sql.query<{ flow_key: string }>(
    `WITH master AS (
       INSERT INTO migration.crewai_flow_state_extensions (client_account_id, engagement_id, id, flow_id)
       VALUES ($1, $2, gen_random_uuid(), gen_random_uuid()) RETURNING flow_id
     ), import AS (
       INSERT INTO migration.data_imports (client_account_id, engagement_id, id, filename, total_records, valid_records)
       VALUES ($1, $2, gen_random_uuid(), 'servers.csv', $3, $3) RETURNING id
     )
     INSERT INTO migration.discovery_flows (client_account_id, engagement_id, id, flow_id, master_flow_id, data_import_id, flow_name)
     SELECT $1, $2, gen_random_uuid(), master.flow_id, master.flow_id, import.id, 'bench' FROM master, import
     RETURNING id AS flow_key`,
    [tenant.client_account_id, tenant.engagement_id, rows],
  );
  const flow_key = flows[0]?.flow_key ?? '';
  // The checks of the keys are planned while nothing is known of the tables, and would take longer than all else.
  await sql.query('BEGIN; SET LOCAL session_replication_role = replica');
  await sql.query(
    `INSERT INTO migration.raw_import_records
       (client_account_id, engagement_id, id, data_import_id, row_number, raw_data, is_processed, fate, asset_id, master_flow_id, created_at)
     SELECT $1, $2, ${idOf(1)}, f.data_import_id, n,
            jsonb_build_object('Hostname', 'web-' || n, 'IP Address', '10.0.0.1', 'Environment', 'PROD', 'CPU Cores', '8', 'Rack', 'R7'),
            true, 'created', ${idOf(2)}, f.master_flow_id, to_timestamp(1764000000 + n / 500)
       FROM generate_series(1, $4::int) n, migration.discovery_flows f
      WHERE f.client_account_id = $1 AND f.engagement_id = $2 AND f.id = $3`,
    [tenant.client_account_id, tenant.engagement_id, flow_key, rows],
  );
  await sql.query(
    `INSERT INTO migration.assets
       (client_account_id, engagement_id, id, name, asset_type, hostname, ip_address, environment, cpu_cores, discovery_flow_id,
        master_flow_id, flow_id, raw_import_records_id, discovery_method, discovery_source, custom_attributes, created_at, updated_at)
     SELECT $1, $2, ${idOf(2)}, 'web-' || n, 'server', 'web-' || n, '10.0.0.1', 'PROD', 8, f.id,
            f.master_flow_id, f.flow_id, ${idOf(1)}, 'flow_based', 'Discovery Flow', '{"Rack": "R7"}',
            to_timestamp(1764000000 + n / 500), to_timestamp(1764000000 + n / 500)
       FROM generate_series(1, $4::int) n, migration.discovery_flows f
      WHERE f.client_account_id = $1 AND f.engagement_id = $2 AND f.id = $3`,
    [tenant.client_account_id, tenant.engagement_id, flow_key, rows],
  );
  await sql.query('COMMIT');
  await sql.query('VACUUM (ANALYZE) migration.assets, migration.raw_import_records');
  return { tenant, flow_key };
}
