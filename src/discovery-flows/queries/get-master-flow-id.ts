import { Logger } from '@nestjs/common';
import type { TenantTx } from '../../database/tenant-database';

const logger = new Logger('getMasterFlowId');

/**
 * Discovery flow (primary key) → its public flow_id → the master flow that took that flow_id. Null, with a warning,
 * where either is missing. Served by uq_discovery_flows_tenant_id and uq_crewai_flow_state_extensions_flow.
 */
export async function getMasterFlowId(tx: TenantTx, discovery_flow_id: string): Promise<string | null> {
  const [found] = await tx.rows<{ flow_id: string; master_flow_id: string | null }>(
    `SELECT f.flow_id, m.flow_id AS master_flow_id
       FROM migration.discovery_flows f
       LEFT JOIN migration.crewai_flow_state_extensions m
         ON m.client_account_id = $1 AND m.engagement_id = $2 AND m.flow_id = f.flow_id
      WHERE f.client_account_id = $1 AND f.engagement_id = $2 AND f.id = $3`,
    [discovery_flow_id],
  );
  if (!found) logger.warn(`no flow_id found for discovery flow ${discovery_flow_id}`);
  else if (found.master_flow_id === null) logger.warn(`no master flow found for flow_id ${found.flow_id}`);
  return found?.master_flow_id ?? null;
}
