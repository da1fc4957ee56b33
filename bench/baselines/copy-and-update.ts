import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Tenant } from '../../src/tenancy/tenant';

const COLUMNS = [
  'client_account_id',
  'engagement_id',
  'id',
  'raw_import_records_id',
  'custom_attributes',
  'name',
  'asset_type',
  'hostname',
  'fqdn',
  'ip_address',
  'environment',
  'operating_system',
  'cpu_cores',
  'memory_gb',
  'storage_gb',
  'location',
  'business_owner',
  'technical_owner',
  'application_name',
  'criticality',
  'status',
  'serial_number',
  'description',
  'discovery_flow_id',
  'flow_id',
  'master_flow_id',
  'field_mappings_used',
  'discovery_method',
  'discovery_source',
  'discovery_timestamp',
  'source_phase',
  'current_phase',
  'created_at',
  'updated_at',
];

/** The assets that the service made of the same rows in the model tenant, as another tenant's, with ids in their order. */
export async function copyAssets(
  sql: Client,
  { model, tenant, file }: { model: Tenant; tenant: Tenant; file: string },
): Promise<void> {
  const own: Record<string, string> = {
    client_account_id: `'${tenant.client_account_id}'::uuid`,
    engagement_id: `'${tenant.engagement_id}'::uuid`,
    id: `(lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint + r.row_number / 50), 12, '0') || '7' || lpad(to_hex(r.row_number % 4096), 3, '0') || '8' || left(md5(r.id::text), 15))::uuid`,
    raw_import_records_id: 'r.id',
    discovery_flow_id: 'f.id',
    flow_id: 'f.flow_id',
    master_flow_id: 'f.master_flow_id',
    created_at: 'now()',
    updated_at: 'now()',
    discovery_timestamp: 'now()',
  };
  const query = `COPY (
    SELECT ${COLUMNS.map((column) => own[column] ?? `a.${column}`).join(', ')}
      FROM migration.raw_import_records r
      JOIN migration.discovery_flows f ON f.client_account_id = r.client_account_id AND f.data_import_id = r.data_import_id
      JOIN migration.raw_import_records m ON m.client_account_id = '${model.client_account_id}' AND m.row_number = r.row_number
      JOIN migration.assets a ON a.client_account_id = m.client_account_id AND a.id = m.asset_id
     WHERE r.client_account_id = '${tenant.client_account_id}'
     ORDER BY r.row_number) TO STDOUT`;
  await pipeline(sql.query(copyTo(query)), createWriteStream(file));
}

/**
 * As fast as one connection can: the prepared assets in one COPY, and their records linked in one UPDATE. With `keys`
 * the foreign keys are checked as they are for the service.
 */
export async function copyAndUpdate(
  url: string,
  { tenant, file, keys }: { tenant: Tenant; file: string; keys: boolean },
): Promise<void> {
  const sql = new Client({ connectionString: url });
  await sql.connect();
  try {
    // Of a tenant that came a moment ago the planner expects a row or two.
    await sql.query('BEGIN; SET LOCAL enable_nestloop = off');
    if (!keys) await sql.query('SET LOCAL session_replication_role = replica');
    await pipeline(
      createReadStream(file, { highWaterMark: 1 << 20 }),
      sql.query(copyFrom(`COPY migration.assets (${COLUMNS.join(', ')}) FROM STDIN`)),
    );
    await sql.query(
      `UPDATE migration.raw_import_records r
          SET asset_id = a.id, is_processed = true, fate = 'created', processed_at = a.created_at, updated_at = a.created_at,
              processing_notes = 'Linked to: ' || a.name, master_flow_id = a.master_flow_id,
              cleansed_data = jsonb_strip_nulls(jsonb_build_object('name', a.name, 'asset_type', a.asset_type,
                'hostname', a.hostname, 'ip_address', a.ip_address, 'environment', a.environment, 'cpu_cores', a.cpu_cores,
                'memory_gb', a.memory_gb, 'status', a.status))
         FROM migration.assets a
        WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND r.client_account_id = $1 AND r.engagement_id = $2
          AND r.id = a.raw_import_records_id`,
      [tenant.client_account_id, tenant.engagement_id],
    );
    await sql.query('COMMIT');
  } finally {
    await sql.end();
  }
}
