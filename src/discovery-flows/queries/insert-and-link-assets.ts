import type { TenantTx } from '../../database/tenant-database';
import type { AssetField } from '../../field-mapping/asset-fields';
import type { MappedFields } from '../../field-mapping/mapped-row';
import { cleansedData } from '../cleansed-data';
import type { FlowContext } from '../flow-context';
import { ASSET_COLUMN_TYPES, ASSET_COLUMNS } from './asset-columns';
import type { ProcessedRecords } from './count-processed-records';

export interface NewAsset {
  id: string;
  fields: MappedFields;
  custom_attributes: Record<string, unknown>;
  raw_import_record_id: string | null;
}

const FIRST_FIELD = 13;

/**
 * One statement for few rows and many alike. Asset and record are of one row of what is given, so the insert and the
 * update pair them by id and never by position. Columns travel as arrays: a VALUES list of a large chunk would pass the
 * limit of 65,535 parameters. An array that is null stands for a column of nulls.
 *
 * The update finds its rows by pk_raw_import_records. A record that is linked or decided by now is left alone, in words
 * that no index and no statistics match (undecided-sql.ts says why); the caller compares the counts and rolls back. An import's own row is the caller's to write, last.
 */
const SQL = `
  WITH given AS (
    SELECT *
      FROM unnest($9::uuid[], $10::uuid[], $11::jsonb[], $12::jsonb[],
                  ${ASSET_COLUMNS.map((field, i) => `$${FIRST_FIELD + i}::${ASSET_COLUMN_TYPES[field]}[]`).join(', ')})
        AS n (id, raw_import_record_id, custom_attributes, cleansed_data, ${ASSET_COLUMNS.join(', ')})
  ), new_assets AS (
    INSERT INTO migration.assets
      (client_account_id, engagement_id, id, raw_import_records_id, custom_attributes, ${ASSET_COLUMNS.join(', ')},
       discovery_flow_id, flow_id, master_flow_id, field_mappings_used, discovery_method, discovery_source,
       discovery_timestamp, source_phase, current_phase, created_at, updated_at)
    SELECT $1, $2, n.id, n.raw_import_record_id, n.custom_attributes, ${ASSET_COLUMNS.map((field) => `n.${field}`).join(', ')},
           $3, $4, $5, $6, 'flow_based', 'Discovery Flow', $7, 'asset_inventory', 'asset_inventory', $7, $7
      FROM given n
  ), linked AS (
    UPDATE migration.raw_import_records r
       SET asset_id = n.id, is_processed = true, fate = 'created', processed_at = $7, updated_at = $7,
           processing_notes = 'Linked to: ' || n.name, master_flow_id = $5, discovery_run_id = $8,
           cleansed_data = n.cleansed_data
      FROM given n
     WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = n.raw_import_record_id
       AND (r.is_processed OR r.asset_id IS NOT NULL)::int = 0
    RETURNING r.data_import_id
  )
  SELECT l.data_import_id, count(*)::int AS processed FROM linked l GROUP BY l.data_import_id`;

/**
 * @param run_id of the run whose rows these are, or null.
 * @returns how many records of which import were linked.
 */
export function insertAndLinkAssets(
  tx: TenantTx,
  flow: FlowContext,
  assets: readonly NewAsset[],
  { run_id, at }: { run_id: string | null; at: Date },
): Promise<ProcessedRecords[]> {
  return tx.rows<ProcessedRecords>(SQL, [
    flow.id,
    flow.flow_id,
    flow.master_flow_id,
    flow.field_mappings_hash,
    at,
    run_id,
    assets.map(({ id }) => id),
    assets.map(({ raw_import_record_id }) => raw_import_record_id),
    assets.map(({ custom_attributes }) => JSON.stringify(custom_attributes)),
    assets.map(({ fields }) => JSON.stringify(cleansedData(fields))),
    ...ASSET_COLUMNS.map((field) => columnOf(assets, field)),
  ]);
}

/** Most inventories say nothing of most fields, and a list of nulls would be written, sent and read all the same. */
function columnOf(assets: readonly NewAsset[], field: AssetField): (string | number | null)[] | null {
  const column = assets.map(({ fields }) => fields[field]);
  return column.some((value) => value !== null) ? column : null;
}
