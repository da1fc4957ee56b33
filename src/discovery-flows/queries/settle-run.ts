import type { TenantTx } from '../../database/tenant-database';
import type { RunLedger } from '../run-ledger';
import { LEDGER_JSON } from './ledger-columns';

interface Settlement {
  run_id: string;
  status: 'paused' | 'cancelled';
  /** Why, when nobody asked for it. */
  error: string | null;
  at: Date;
  /** When a run that paused by itself is tried again; null for one that waits for a person, or for nothing. */
  retry_at: Date | null;
}

/**
 * Stops a run between two chunks, and its flow and master flow with it. The caller holds the run's row, by its lease or
 * by a lock, in this transaction. A cancelled run's rows stay pending, for another run.
 * @returns what it had come to by then.
 */
export async function settleRun(
  tx: TenantTx,
  { run_id, status, error, at, retry_at }: Settlement,
): Promise<RunLedger> {
  const [run] = await tx.rows<{ ledger: RunLedger }>(
    `WITH run AS (
       UPDATE migration.discovery_runs
          SET status = $4, requested = NULL, error = $5, updated_at = $6, lease_owner = NULL, lease_expires_at = $7,
              finished_at = CASE WHEN $4::text = 'cancelled' THEN $6::timestamptz END
        WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3
       RETURNING discovery_flow_id, ${LEDGER_JSON} AS ledger
     ), flow AS (
       UPDATE migration.discovery_flows f
          SET status = CASE WHEN $4::text = 'cancelled' THEN 'active' ELSE 'paused' END, error_message = $5,
              error_phase = CASE WHEN $5::text IS NOT NULL THEN 'asset_inventory' END, updated_at = $6
         FROM run
        WHERE f.client_account_id = $1 AND f.engagement_id = $2 AND f.id = run.discovery_flow_id
       RETURNING f.flow_id, f.status
     ), master AS (
       UPDATE migration.crewai_flow_state_extensions m
          SET flow_status = flow.status, updated_at = $6
         FROM flow
        WHERE m.client_account_id = $1 AND m.engagement_id = $2 AND m.flow_id = flow.flow_id
     )
     SELECT run.ledger FROM run`,
    [run_id, status, error, at, retry_at],
  );
  if (!run) throw new Error(`there is no run ${run_id} to settle`);
  return run.ledger;
}
