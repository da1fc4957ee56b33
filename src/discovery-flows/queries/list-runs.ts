import type { TenantTx } from '../../database/tenant-database';
import type { Slice } from '../../http/page';
import type { DiscoveryRun } from '../discovery-run.entity';

/** Runs of a flow, newest first. A tenant has few runs: the key's client account narrows them enough. */
export async function listRuns(
  tx: TenantTx,
  { flow_key, limit, offset }: { flow_key: string; limit: number; offset: number },
): Promise<Slice<DiscoveryRun>> {
  const rows = await tx.rows<DiscoveryRun>(
    `SELECT r.client_account_id, r.engagement_id, r.id, r.discovery_flow_id, r.data_import_id, r.status, r.chunk_size,
            r.failure_policy, r.conflict_policy, r.identity_rule, r.requested, r.total_records, r.created, r.linked,
            r.duplicates, r.conflicts, r.rejected, r.pending, r.chunks_done, r.chunks_failed, r.chunks_total,
            r.active_ms::float8 AS active_ms, r.error, r.created_at, r.updated_at, r.started_at, r.finished_at
       FROM migration.discovery_runs r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.discovery_flow_id = $3
      ORDER BY r.created_at DESC, r.id DESC LIMIT $4 OFFSET $5`,
    [flow_key, limit, offset],
  );
  const [count] = await tx.rows<{ total: number }>(
    `SELECT count(*)::int AS total FROM migration.discovery_runs r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.discovery_flow_id = $3`,
    [flow_key],
  );
  return { rows, total: count?.total ?? 0 };
}
