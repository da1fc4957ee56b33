import type { TenantTx } from '../../database/tenant-database';

export interface LockedRun {
  id: string;
  discovery_flow_id: string;
  data_import_id: string;
  status: string;
  requested: string | null;
  chunks_failed: number;
  /** Whether somebody works on it: only at the end of the chunk under way can it be stopped. */
  is_held: boolean;
  /** Whether it was paused by the service, for a time. */
  goes_on_by_itself: boolean;
}

/**
 * A run of a flow, held until the transaction ends: a chunk that ends meanwhile waits, and so does whoever asks
 * something else of it. Served by uq_discovery_runs_tenant_id.
 */
export async function lockRun(
  tx: TenantTx,
  { run_id, flow_key, at }: { run_id: string; flow_key: string; at: Date },
): Promise<LockedRun | null> {
  const [run] = await tx.rows<LockedRun>(
    `SELECT r.id, r.discovery_flow_id, r.data_import_id, r.status, r.requested, r.chunks_failed,
            r.status = 'running' AND r.lease_owner IS NOT NULL AND r.lease_expires_at > $5 AS is_held,
            r.status = 'paused' AND r.lease_expires_at IS NOT NULL AS goes_on_by_itself
       FROM migration.discovery_runs r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = $3 AND r.discovery_flow_id = $4
        FOR NO KEY UPDATE`,
    [run_id, flow_key, at],
  );
  return run ?? null;
}
