import type { TenantTx } from '../../database/tenant-database';

/** The flow's run that has not ended, or null. There is at most one: uq_discovery_runs_live, which serves this. */
export async function findLiveRun(tx: TenantTx, discovery_flow_id: string): Promise<string | null> {
  const [run] = await tx.rows<{ id: string }>(
    `SELECT r.id FROM migration.discovery_runs r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.discovery_flow_id = $3
        AND r.status IN ('queued', 'running', 'paused')`,
    [discovery_flow_id],
  );
  return run?.id ?? null;
}
