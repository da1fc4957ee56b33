import type { TenantTx } from '../../database/tenant-database';
import type { RowDecision, RowProblem } from '../../raw-imports/raw-import-record.entity';
import { UNDECIDED } from './undecided-sql';

/** A record that makes no asset, and why. */
export interface RecordFate {
  id: string;
  fate: 'duplicate' | 'conflict' | 'rejected';
  processing_notes: string;
  /** Of a rejected one. */
  problem: RowProblem | null;
  /** Of a duplicate or a conflict. */
  decision: RowDecision | null;
  /** What its cells say; of a duplicate or a conflict. */
  cleansed_data: object | null;
}

/**
 * Gives records the fate of those that make no asset. They could be read, so they stay valid. Served by
 * idx_raw_import_tenant_id. @returns how many had none before.
 */
export function decideRecords(
  tx: TenantTx,
  run: { id: string; master_flow_id: string | null },
  records: readonly RecordFate[],
  at: Date,
): Promise<number> {
  if (records.length === 0) return Promise.resolve(0);
  const json = (value: object | null) => (value === null ? null : JSON.stringify(value));
  return tx.execute(
    `UPDATE migration.raw_import_records r
        SET fate = d.fate, is_processed = true, processed_at = $3, updated_at = $3, discovery_run_id = $4,
            master_flow_id = $5, processing_notes = d.processing_notes, matched_asset_id = d.matched_asset_id,
            decision = d.decision, cleansed_data = d.cleansed_data,
            validation_errors = CASE WHEN d.problem IS NOT NULL THEN jsonb_build_array(d.problem) END
       FROM unnest($6::uuid[], $7::text[], $8::text[], $9::uuid[], $10::jsonb[], $11::jsonb[], $12::jsonb[])
         AS d (id, fate, processing_notes, matched_asset_id, decision, cleansed_data, problem)
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = d.id AND ${UNDECIDED}`,
    [
      at,
      run.id,
      run.master_flow_id,
      records.map(({ id }) => id),
      records.map(({ fate }) => fate),
      records.map(({ processing_notes }) => processing_notes),
      records.map(({ decision }) => decision?.candidate_asset_id ?? null),
      records.map(({ decision }) => json(decision)),
      records.map(({ cleansed_data }) => json(cleansed_data)),
      records.map(({ problem }) => json(problem)),
    ],
  );
}
