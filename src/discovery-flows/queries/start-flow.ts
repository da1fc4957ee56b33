import type { TenantTx } from '../../database/tenant-database';

/** The flow, and its master flow with it, is at work on assets. */
export async function startFlow(tx: TenantTx, { id, at }: { id: string; at: Date }): Promise<void> {
  await tx.execute(
    `WITH flow AS (
       UPDATE migration.discovery_flows
          SET status = 'running', current_phase = 'asset_inventory', error_message = NULL, error_phase = NULL,
              updated_at = $4
        WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3
       RETURNING flow_id, status
     )
     UPDATE migration.crewai_flow_state_extensions m
        SET flow_status = flow.status, updated_at = $4
       FROM flow
      WHERE m.client_account_id = $1 AND m.engagement_id = $2 AND m.flow_id = flow.flow_id`,
    [id, at],
  );
}
