import type { TenantTx } from '../../database/tenant-database';
import type { MappedFields } from '../../field-mapping/mapped-row';
import type { FlowContext } from '../flow-context';

export interface NewAsset {
  id: string;
  fields: MappedFields;
  custom_attributes: Record<string, unknown>;
  raw_import_record_id: string | null;
}

const FIELD_TYPES: Record<keyof MappedFields, 'text' | 'float8'> = {
  name: 'text',
  asset_type: 'text',
  hostname: 'text',
  fqdn: 'text',
  ip_address: 'text',
  environment: 'text',
  operating_system: 'text',
  cpu_cores: 'float8',
  memory_gb: 'float8',
  storage_gb: 'float8',
  location: 'text',
  business_owner: 'text',
  technical_owner: 'text',
  application_name: 'text',
  criticality: 'text',
  status: 'text',
  serial_number: 'text',
  description: 'text',
};

const FIELDS = Object.keys(FIELD_TYPES) as (keyof MappedFields)[];
const FIRST_FIELD = 11;

/**
 * One statement for few rows and many alike. Each asset carries the id of its record through the insert, and the
 * update joins on that id and never on a position. Columns travel as arrays: a VALUES list of a large chunk would
 * pass the limit of 65,535 parameters.
 *
 * The update finds its rows by idx_raw_import_tenant_id. A record that is linked or decided by now is left alone;
 * the caller compares the counts and rolls back.
 */
const SQL = `
  WITH new_assets AS (
    INSERT INTO migration.assets
      (client_account_id, engagement_id, id, raw_import_records_id, custom_attributes, ${FIELDS.join(', ')},
       discovery_flow_id, flow_id, master_flow_id, field_mappings_used, discovery_method, discovery_source,
       discovery_timestamp, source_phase, current_phase, created_at, updated_at)
    SELECT $1, $2, n.id, n.raw_import_record_id, n.custom_attributes, ${FIELDS.map((field) => `n.${field}`).join(', ')},
           $3, $4, $5, $6, 'flow_based', 'Discovery Flow', $7, 'asset_inventory', 'asset_inventory', $7, $7
      FROM unnest($8::uuid[], $9::uuid[], $10::jsonb[],
                  ${FIELDS.map((field, i) => `$${FIRST_FIELD + i}::${FIELD_TYPES[field]}[]`).join(', ')})
        AS n (id, raw_import_record_id, custom_attributes, ${FIELDS.join(', ')})
    RETURNING id, raw_import_records_id, ${FIELDS.join(', ')}
  ), linked AS (
    UPDATE migration.raw_import_records r
       SET asset_id = n.id, is_processed = true, fate = 'created', processed_at = $7, updated_at = $7,
           processing_notes = 'Linked to: ' || n.name, master_flow_id = $5,
           cleansed_data = jsonb_strip_nulls(jsonb_build_object(
             ${FIELDS.map((field) => `'${field}', n.${field}`).join(', ')}))
      FROM new_assets n
     WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = n.raw_import_records_id
       AND r.asset_id IS NULL AND NOT r.is_processed
    RETURNING r.data_import_id
  ), progress AS (
    SELECT data_import_id, count(*)::int AS linked FROM linked GROUP BY data_import_id
  ), imports AS (
    UPDATE migration.data_imports i
       SET processed_records = i.processed_records + p.linked,
           progress_percentage = 100.0 * (i.processed_records + p.linked) / greatest(i.total_records, 1),
           updated_at = $7
      FROM progress p
     WHERE i.client_account_id = $1 AND i.engagement_id = $2 AND i.id = p.data_import_id
  )
  SELECT (SELECT count(*)::int FROM new_assets) AS created,
         (SELECT coalesce(sum(linked), 0)::int FROM progress) AS linked`;

export async function insertAndLinkAssets(
  tx: TenantTx,
  flow: FlowContext,
  assets: readonly NewAsset[],
  at: Date,
): Promise<{ created: number; linked: number }> {
  const [counts] = await tx.rows<{ created: number; linked: number }>(SQL, [
    flow.id,
    flow.flow_id,
    flow.master_flow_id,
    flow.field_mappings_hash,
    at,
    assets.map(({ id }) => id),
    assets.map(({ raw_import_record_id }) => raw_import_record_id),
    assets.map(({ custom_attributes }) => JSON.stringify(custom_attributes)),
    ...FIELDS.map((field) => assets.map(({ fields }) => fields[field])),
  ]);
  return counts ?? { created: 0, linked: 0 };
}
