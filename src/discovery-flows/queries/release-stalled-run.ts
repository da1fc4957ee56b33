import type { TenantTx } from '../../database/tenant-database';
import type { RunRequest } from '../discovery-run.entity';
import { leaseExpiry } from '../lease';

export interface ReleasedRun {
  discovery_flow_id: string;
  /** What its holder was asked for and died before. */
  requested: RunRequest | null;
}

/** Takes the lease from a holder that let it expire. @returns null when there was none to take. */
export async function releaseStalledRun(tx: TenantTx, run_id: string, at: Date): Promise<ReleasedRun | null> {
  const [released] = await tx.rows<ReleasedRun>(
    `UPDATE migration.discovery_runs
        SET status = CASE WHEN status = 'paused' THEN 'queued' ELSE status END, error = NULL, lease_owner = NULL,
            lease_expires_at = $4, updated_at = $5
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3
        AND status IN ('queued', 'running', 'paused') AND lease_expires_at < $5
     RETURNING discovery_flow_id, requested`,
    [run_id, leaseExpiry(at), at],
  );
  return released ?? null;
}
