import type { TenantTx } from '../../database/tenant-database';
import type { Slice } from '../../http/page';
import type { Asset } from '../asset.entity';

const COLUMNS = `
  a.client_account_id, a.engagement_id, a.id, a.name, a.asset_type, a.hostname, a.fqdn, a.ip_address, a.environment,
  a.operating_system, a.cpu_cores, a.memory_gb, a.storage_gb, a.location, a.business_owner, a.technical_owner,
  a.application_name, a.criticality, a.status, a.serial_number, a.description, a.discovery_flow_id, a.master_flow_id,
  a.flow_id, a.raw_import_records_id, a.field_mappings_used, a.discovery_method, a.discovery_source,
  a.discovery_timestamp, a.source_phase, a.current_phase, a.raw_data, a.custom_attributes, a.created_at, a.updated_at,
  a.deleted_at`;

/**
 * One page in a total order: created_at alone has ties (a chunk shares its time), and pages would repeat rows.
 *
 * Served by idx_assets_tenant_created, or with a flow by idx_assets_tenant_flow_created, read backwards. The ids
 * of the page are found in the index first, so that a deep page fetches only its own rows. They are handed over as
 * an array and not by a join, whose nested loop would sort the tenant once per row while statistics are missing.
 */
export async function listAssets(
  tx: TenantTx,
  { discovery_flow_id, limit, offset }: { discovery_flow_id: string | null; limit: number; offset: number },
): Promise<Slice<Asset>> {
  const inFlow = discovery_flow_id === null ? '' : 'AND p.discovery_flow_id = $3';
  const flow = discovery_flow_id === null ? [] : [discovery_flow_id];
  const live = `FROM migration.assets p
     WHERE p.client_account_id = $1 AND p.engagement_id = $2 AND p.deleted_at IS NULL ${inFlow}`;
  const rows = await tx.rows<Asset>(
    `SELECT ${COLUMNS}
       FROM migration.assets a
      WHERE a.client_account_id = $1 AND a.engagement_id = $2
        AND a.id = ANY (ARRAY(SELECT p.id ${live}
                               ORDER BY p.created_at, p.id LIMIT $${flow.length + 3} OFFSET $${flow.length + 4}))
      ORDER BY a.created_at, a.id`,
    [...flow, limit, offset],
  );
  const [count] = await tx.rows<{ total: number }>(`SELECT count(*)::int AS total ${live}`, flow);
  return { rows, total: count?.total ?? 0 };
}
