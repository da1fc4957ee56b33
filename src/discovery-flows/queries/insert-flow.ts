import type { TenantTx } from '../../database/tenant-database';
import type { DiscoveryFlow } from '../discovery-flow.entity';

export type NewFlow = Pick<
  DiscoveryFlow,
  | 'id'
  | 'flow_id'
  | 'data_import_id'
  | 'flow_name'
  | 'status'
  | 'current_phase'
  | 'data_import_completed'
  | 'data_validation_completed'
  | 'field_mapping_completed'
  | 'field_mappings'
  | 'field_mappings_hash'
  | 'mappings_version_id'
  | 'progress_percentage'
  | 'created_at'
>;

/**
 * The master flow and the discovery flow, the one that the other refers to first. The master flow takes the
 * flow's public flow_id; only its own id is new.
 */
export async function insertFlow(tx: TenantTx, flow: NewFlow, master_id: string): Promise<void> {
  await tx.execute(
    `INSERT INTO migration.crewai_flow_state_extensions
       (client_account_id, engagement_id, id, flow_id, flow_type, flow_status, created_at, updated_at)
     VALUES ($1, $2, $3, $4, 'discovery', $5, $6, $6)`,
    [master_id, flow.flow_id, flow.status, flow.created_at],
  );
  await tx.execute(
    `INSERT INTO migration.discovery_flows
       (client_account_id, engagement_id, id, flow_id, master_flow_id, data_import_id, flow_name, status, current_phase,
        data_import_completed, data_validation_completed, field_mapping_completed, field_mappings,
        field_mappings_hash, mappings_version_id, progress_percentage, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)`,
    [
      flow.id,
      flow.flow_id,
      flow.data_import_id,
      flow.flow_name,
      flow.status,
      flow.current_phase,
      flow.data_import_completed,
      flow.data_validation_completed,
      flow.field_mapping_completed,
      JSON.stringify(flow.field_mappings),
      flow.field_mappings_hash,
      flow.mappings_version_id,
      flow.progress_percentage,
      flow.created_at,
    ],
  );
}
