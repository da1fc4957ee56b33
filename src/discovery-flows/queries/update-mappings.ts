import type { TenantTx } from '../../database/tenant-database';
import type { DiscoveryFlow } from '../discovery-flow.entity';

export type MappingChange = Pick<
  DiscoveryFlow,
  | 'id'
  | 'field_mappings'
  | 'field_mappings_hash'
  | 'mappings_version_id'
  | 'field_mapping_completed'
  | 'status'
  | 'current_phase'
  | 'progress_percentage'
  | 'updated_at'
>;

export async function updateMappings(tx: TenantTx, change: MappingChange): Promise<void> {
  await tx.execute(
    `UPDATE migration.discovery_flows
        SET field_mappings = $4, field_mappings_hash = $5, mappings_version_id = $6, field_mapping_completed = $7,
            status = $8, current_phase = $9, progress_percentage = $10, updated_at = $11
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3`,
    [
      change.id,
      JSON.stringify(change.field_mappings),
      change.field_mappings_hash,
      change.mappings_version_id,
      change.field_mapping_completed,
      change.status,
      change.current_phase,
      change.progress_percentage,
      change.updated_at,
    ],
  );
}
