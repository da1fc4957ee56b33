import type { TenantTx } from '../../database/tenant-database';
import type { RunRequest } from '../discovery-run.entity';

/** Leaves word for the run's holder, who looks at the end of each chunk; null takes it back. */
export async function requestRun(
  tx: TenantTx,
  { run_id, requested, at }: { run_id: string; requested: RunRequest | null; at: Date },
): Promise<void> {
  await tx.execute(
    `UPDATE migration.discovery_runs SET requested = $4, updated_at = $5
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3`,
    [run_id, requested, at],
  );
}
