import type { TenantTx } from '../../database/tenant-database';

export interface CorrectedBatch {
  /** The import whose rejects are corrected. */
  corrects_import_id: string;
  /** The import that the corrected rows are stored in. */
  data_import_id: string;
  rows: readonly { row_number: number; corrects_row: number | null }[];
  at: Date;
}

/**
 * Says on each reject which row has replaced it: the first valid one that names it. Its fate and its cells stay.
 *
 * Both sides are found by uq_raw_import_records_row. The ranges of row numbers say nothing new; they keep the cost at
 * that of the batch when the planner, who knows nothing yet of rows just copied, takes an import for one row.
 */
export async function markCorrected(
  tx: TenantTx,
  { corrects_import_id, data_import_id, rows, at }: CorrectedBatch,
): Promise<void> {
  const numbers = rows.flatMap(({ row_number, corrects_row }) =>
    corrects_row === null ? [] : [{ row_number, corrects_row }],
  );
  await tx.execute(
    `UPDATE migration.raw_import_records o
        SET corrected_by = n.id, updated_at = $5
       FROM (SELECT DISTINCT ON (c.corrects_row) c.corrects_row, r.id
               FROM unnest($6::integer[], $7::integer[]) AS c (row_number, corrects_row)
               JOIN migration.raw_import_records r
                 ON r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $4
                AND r.row_number = c.row_number
              WHERE r.is_valid
                AND r.row_number BETWEEN (SELECT min(x) FROM unnest($6::integer[]) x)
                                     AND (SELECT max(x) FROM unnest($6::integer[]) x)
              ORDER BY c.corrects_row, c.row_number) n
      WHERE o.client_account_id = $1 AND o.engagement_id = $2 AND o.data_import_id = $3
        AND o.row_number = n.corrects_row
        AND o.row_number BETWEEN (SELECT min(x) FROM unnest($7::integer[]) x)
                             AND (SELECT max(x) FROM unnest($7::integer[]) x)
        AND o.fate = 'rejected' AND o.corrected_by IS NULL`,
    [
      corrects_import_id,
      data_import_id,
      at,
      numbers.map(({ row_number }) => row_number),
      numbers.map(({ corrects_row }) => corrects_row),
    ],
  );
}
