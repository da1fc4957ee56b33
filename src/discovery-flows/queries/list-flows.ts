import type { TenantTx } from '../../database/tenant-database';
import type { Slice } from '../../http/page';
import type { DiscoveryFlow } from '../discovery-flow.entity';

/** A tenant has few flows: one page, newest first. */
export async function listFlows(
  tx: TenantTx,
  { limit, offset }: { limit: number; offset: number },
): Promise<Slice<DiscoveryFlow>> {
  const rows = await tx.rows<DiscoveryFlow>(
    `SELECT f.client_account_id, f.engagement_id, f.id, f.flow_id, f.master_flow_id, f.data_import_id, f.flow_name,
            f.status, f.current_phase, f.data_import_completed, f.data_validation_completed,
            f.field_mapping_completed, f.data_cleansing_completed, f.asset_inventory_completed, f.field_mappings,
            f.field_mappings_hash, f.mappings_version_id, f.progress_percentage, f.error_message, f.error_phase,
            f.error_details, f.user_id, f.created_at, f.updated_at, f.completed_at
       FROM migration.discovery_flows f
      WHERE f.client_account_id = $1 AND f.engagement_id = $2
      ORDER BY f.created_at DESC, f.id DESC LIMIT $3 OFFSET $4`,
    [limit, offset],
  );
  const [count] = await tx.rows<{ total: number }>(
    `SELECT count(*)::int AS total FROM migration.discovery_flows f
      WHERE f.client_account_id = $1 AND f.engagement_id = $2`,
  );
  return { rows, total: count?.total ?? 0 };
}
