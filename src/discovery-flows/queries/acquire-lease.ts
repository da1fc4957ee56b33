import type { TenantTx } from '../../database/tenant-database';
import type { RunRequest } from '../discovery-run.entity';
import { type Lease, leaseExpiry } from '../lease';

/**
 * Takes the run over when it is waiting or its holder's lease has expired. Each take-over raises the attempt, which
 * fences off every earlier holder, this process's own earlier jobs included. `stalls` counts the take-overs since a
 * chunk was last decided.
 * @returns null when somebody works on it or it has ended.
 */
export async function acquireLease(
  tx: TenantTx,
  { run_id, owner, at }: { run_id: string; owner: string; at: Date },
): Promise<(Lease & { stalls: number; requested: RunRequest | null }) | null> {
  const [run] = await tx.rows<{ attempt: number; stalls: number; requested: RunRequest | null }>(
    `UPDATE migration.discovery_runs
        SET status = 'running', lease_owner = $4, lease_expires_at = $5, attempt = attempt + 1, stalls = stalls + 1,
            started_at = coalesce(started_at, $6), updated_at = $6
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3 AND status IN ('queued', 'running')
        AND (lease_owner IS NULL OR lease_owner = $4 OR lease_expires_at < $6)
      RETURNING attempt, stalls, requested`,
    [run_id, owner, leaseExpiry(at), at],
  );
  return run ? { run_id, owner, ...run } : null;
}
