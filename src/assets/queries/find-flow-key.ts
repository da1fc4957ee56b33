import type { TenantTx } from '../../database/tenant-database';

/**
 * Primary key of the flow with this public id, or null. Assets refer to the key, while clients know the public id.
 * Served by uq_discovery_flows_tenant_flow.
 */
export async function findFlowKey(tx: TenantTx, flow_id: string): Promise<string | null> {
  const [flow] = await tx.rows<{ id: string }>(
    `SELECT f.id FROM migration.discovery_flows f
      WHERE f.client_account_id = $1 AND f.engagement_id = $2 AND f.flow_id = $3`,
    [flow_id],
  );
  return flow?.id ?? null;
}
