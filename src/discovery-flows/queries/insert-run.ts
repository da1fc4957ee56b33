import type { ConflictPolicy } from '../../asset-identity/conflict-policy';
import type { IdentityRule } from '../../asset-identity/identity-rule';
import type { TenantTx } from '../../database/tenant-database';
import type { FailurePolicy } from '../discovery-run.entity';

interface NewRun {
  id: string;
  discovery_flow_id: string;
  data_import_id: string;
  chunk_size: number;
  failure_policy: FailurePolicy;
  conflict_policy: ConflictPolicy;
  identity_rule: IdentityRule;
  at: Date;
  lease_expires_at: Date;
}

/**
 * Plans a run: its rows are the import's pending valid ones at this moment, cut into chunks by row number. The cut
 * is kept, so that a chunk means the same rows whoever works on it and however often, and totals never move.
 * One pass over uq_raw_import_records_row.
 */
export async function insertRun(tx: TenantTx, run: NewRun): Promise<void> {
  await tx.execute(
    `WITH plan AS (
       SELECT (p.n - 1) / $6 + 1 AS chunk, min(p.row_number) AS first_row, max(p.row_number) AS last_row,
              count(*)::int AS records
         FROM (SELECT r.row_number, row_number() OVER (ORDER BY r.row_number)::int AS n
                 FROM migration.raw_import_records r
                WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $5
                  AND r.is_valid AND NOT r.is_processed) p
        GROUP BY 1
     ), run AS (
       INSERT INTO migration.discovery_runs
         (client_account_id, engagement_id, id, discovery_flow_id, data_import_id, chunk_size, failure_policy,
          conflict_policy, identity_rule,
          total_records, pending, chunks_total, created_at, updated_at, lease_expires_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $10, $11, coalesce(sum(plan.records), 0), coalesce(sum(plan.records), 0), count(*),
              $8, $8, $9
         FROM plan
     )
     INSERT INTO migration.discovery_run_chunks
       (client_account_id, engagement_id, run_id, chunk, first_row, last_row, records, updated_at)
     SELECT $1, $2, $3, plan.chunk, plan.first_row, plan.last_row, plan.records, $8 FROM plan`,
    [
      run.id,
      run.discovery_flow_id,
      run.data_import_id,
      run.chunk_size,
      run.failure_policy,
      run.at,
      run.lease_expires_at,
      run.conflict_policy,
      JSON.stringify(run.identity_rule),
    ],
  );
}
