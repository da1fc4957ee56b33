import type { TenantTx } from '../../database/tenant-database';
import { liveAssets } from './live-assets-sql';

/** As a Date is written into JSON. */
const isoTime = (column: string) =>
  `to_char(a.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Most of an asset's times are that of its making, and a tenth of a page's time went into writing it again. */
const timeLikeMaking = (column: string) =>
  `CASE WHEN a.${column} = a.created_at THEN made.at ELSE ${isoTime(column)} END AS ${column}`;

/** Those of the entity. */
const COLUMNS = `
  a.client_account_id, a.engagement_id, a.id, a.name, a.asset_type, a.hostname, a.fqdn, a.ip_address, a.environment,
  a.operating_system, a.cpu_cores, a.memory_gb, a.storage_gb, a.location, a.business_owner, a.technical_owner,
  a.application_name, a.criticality, a.status, a.serial_number, a.description, a.discovery_flow_id, a.master_flow_id,
  a.flow_id, a.raw_import_records_id, a.field_mappings_used, a.discovery_method, a.discovery_source,
  ${timeLikeMaking('discovery_timestamp')}, a.source_phase, a.current_phase, a.raw_data, a.custom_attributes,
  made.at AS created_at, ${timeLikeMaking('updated_at')}, ${isoTime('deleted_at')} AS deleted_at`;

interface AssetWindow {
  discovery_flow_id: string | null;
  after: string | null;
  limit: number;
  offset: number;
}

/**
 * One page in a total order: created_at alone has ties (a chunk shares its time), and pages would repeat rows.
 *
 * Served by idx_assets_page, or with a flow by idx_assets_flow_page, read backwards. The ids of the page are found in
 * the index first, so that a deep page fetches only its own rows. They are handed over as an array and not by a join,
 * whose nested loop would sort the tenant once per row while statistics are missing.
 *
 * Each row is JSON already, since the one thread of Node has less time for it than PostgreSQL has. OFFSET 0 keeps the time
 * of an asset's making from being written anew wherever it stands.
 *
 * @returns each asset as the JSON text of an `Asset`.
 * @param after the asset behind which the page lies, one of the tenant's: the index is entered there.
 */
export async function listAssets(
  tx: TenantTx,
  { discovery_flow_id, after, limit, offset }: AssetWindow,
): Promise<string[]> {
  const { live, flow } = liveAssets(discovery_flow_id);
  const values = after === null ? flow : [...flow, after];
  const behind =
    after === null
      ? ''
      : `AND (p.created_at, p.id) > (SELECT c.created_at, c.id FROM migration.assets c
                                      WHERE c.client_account_id = $1 AND c.engagement_id = $2 AND c.id = $${values.length + 2})`;
  return tx.preparedTexts(
    `list-assets${discovery_flow_id === null ? '' : '-of-flow'}${after === null ? '' : '-behind'}`,
    `SELECT row_to_json(page) AS asset
       FROM (SELECT ${COLUMNS}
               FROM migration.assets a
              CROSS JOIN LATERAL (SELECT ${isoTime('created_at')} AS at OFFSET 0) made
              WHERE a.client_account_id = $1 AND a.engagement_id = $2
                AND a.id = ANY (ARRAY(SELECT p.id ${live} ${behind}
                                       ORDER BY p.created_at, p.id LIMIT $${values.length + 3} OFFSET $${values.length + 4}))
              ORDER BY a.created_at, a.id) page`,
    [...values, limit, offset],
  );
}
