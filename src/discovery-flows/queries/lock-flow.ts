import type { TenantTx } from '../../database/tenant-database';

/**
 * Until the transaction ends, who plans a run of the flow and who changes its mappings wait for each other, and the
 * second sees what the first wrote. The foreign keys of a run's assets take no part in it (NO KEY). Served by
 * uq_discovery_flows_tenant_flow.
 */
export async function lockFlow(tx: TenantTx, flow_id: string): Promise<void> {
  await tx.execute(
    `SELECT FROM migration.discovery_flows f
      WHERE f.client_account_id = $1 AND f.engagement_id = $2 AND f.flow_id = $3
        FOR NO KEY UPDATE`,
    [flow_id],
  );
}
