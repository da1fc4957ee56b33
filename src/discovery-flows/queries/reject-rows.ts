import type { TenantTx } from '../../database/tenant-database';
import type { RowProblem } from '../../raw-imports/raw-import-record.entity';

export interface RejectedRow {
  id: string;
  problem: RowProblem;
}

/** Decides rows that cannot become assets. The row could be read, so it stays valid; its fate is what says no. */
export async function rejectRows(
  tx: TenantTx,
  data_import_id: string,
  rows: readonly RejectedRow[],
  at: Date,
): Promise<number> {
  if (rows.length === 0) return 0;
  const [counts] = await tx.rows<{ rejected: number }>(
    `WITH rejected AS (
       UPDATE migration.raw_import_records r
          SET fate = 'rejected', is_processed = true, processed_at = $4, updated_at = $4,
              processing_notes = 'Rejected: ' || (p.problem ->> 'message'),
              validation_errors = jsonb_build_array(p.problem)
         FROM unnest($5::uuid[], $6::jsonb[]) AS p (id, problem)
        WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = p.id AND NOT r.is_processed
       RETURNING 1
     ), imports AS (
       UPDATE migration.data_imports i
          SET processed_records = i.processed_records + (SELECT count(*) FROM rejected),
              progress_percentage =
                100.0 * (i.processed_records + (SELECT count(*) FROM rejected)) / greatest(i.total_records, 1),
              updated_at = $4
        WHERE i.client_account_id = $1 AND i.engagement_id = $2 AND i.id = $3
     )
     SELECT count(*)::int AS rejected FROM rejected`,
    [data_import_id, at, rows.map(({ id }) => id), rows.map(({ problem }) => JSON.stringify(problem))],
  );
  return counts?.rejected ?? 0;
}
