import type { TenantTx } from '../../database/tenant-database';
import { type Lease, LeaseLostError } from '../lease';
import type { RunLedger } from '../run-ledger';
import { LEDGER_JSON } from './ledger-columns';

/**
 * Ends a run, and its flow and master flow with it. Rows that stay pending mean that the flow is not through, so
 * its last phases are complete only when none is left.
 * @returns what it has come to. @throws LeaseLostError when the lease is somebody else's by now.
 */
export async function finishRun(
  tx: TenantTx,
  lease: Lease,
  { error, at }: { error: string | null; at: Date },
): Promise<{ status: string; ledger: RunLedger }> {
  const [ended] = await tx.rows<{ status: string; ledger: RunLedger }>(
    `WITH run AS (
       UPDATE migration.discovery_runs
          SET status = CASE WHEN $6::text IS NOT NULL THEN 'failed'
                            WHEN pending > 0 OR chunks_failed > 0 THEN 'completed_with_errors'
                            ELSE 'completed' END,
              error = $6, requested = NULL, lease_owner = NULL, lease_expires_at = NULL, finished_at = $7, updated_at = $7
        WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3
          AND lease_owner = $4 AND attempt = $5 AND status = 'running'
       RETURNING discovery_flow_id, status, status = 'completed' AS is_complete, ${LEDGER_JSON} AS ledger
     ), flow AS (
       UPDATE migration.discovery_flows f
          SET status = CASE WHEN run.status IN ('completed', 'failed') THEN run.status ELSE 'active' END,
              data_cleansing_completed = run.is_complete, asset_inventory_completed = run.is_complete,
              progress_percentage = CASE WHEN run.is_complete THEN 100 ELSE f.progress_percentage END,
              completed_at = CASE WHEN run.is_complete THEN $7 END,
              error_message = CASE WHEN NOT run.is_complete
                                   THEN coalesce($6, 'some chunks of the last run failed; their rows are pending') END,
              error_phase = CASE WHEN NOT run.is_complete THEN 'asset_inventory' END, updated_at = $7
         FROM run
        WHERE f.client_account_id = $1 AND f.engagement_id = $2 AND f.id = run.discovery_flow_id
       RETURNING f.flow_id, f.status
     ), master AS (
       UPDATE migration.crewai_flow_state_extensions m
          SET flow_status = flow.status, updated_at = $7
         FROM flow
        WHERE m.client_account_id = $1 AND m.engagement_id = $2 AND m.flow_id = flow.flow_id
     )
     SELECT run.status, run.ledger FROM run`,
    [lease.run_id, lease.owner, lease.attempt, error, at],
  );
  if (!ended) throw new LeaseLostError();
  return ended;
}
