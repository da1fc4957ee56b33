import type { TenantTx } from '../../database/tenant-database';

export interface LiveRun {
  id: string;
  discovery_flow_id: string;
}

/**
 * The run over an import's rows that has not ended, whichever flow it belongs to, or null. There is at most one:
 * uq_discovery_runs_live, which serves this.
 */
export async function findLiveRun(tx: TenantTx, data_import_id: string): Promise<LiveRun | null> {
  const [run] = await tx.rows<LiveRun>(
    `SELECT r.id, r.discovery_flow_id FROM migration.discovery_runs r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $3
        AND r.status IN ('queued', 'running', 'paused')`,
    [data_import_id],
  );
  return run ?? null;
}
