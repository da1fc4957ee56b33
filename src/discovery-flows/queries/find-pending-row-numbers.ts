import type { TenantTx } from '../../database/tenant-database';
import type { RowRange } from './find-pending-rows';
import { UNDECIDED } from './undecided-sql';

/** Which rows of a range still have no fate, in order. Served by uq_raw_import_records_row. */
export async function findPendingRowNumbers(
  tx: TenantTx,
  data_import_id: string,
  { first_row, last_row }: RowRange,
): Promise<number[]> {
  const rows = await tx.rows<{ row_number: number }>(
    `SELECT r.row_number
       FROM migration.raw_import_records r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $3
        AND r.row_number BETWEEN $4 AND $5 AND r.is_valid AND ${UNDECIDED}
      ORDER BY r.row_number`,
    [data_import_id, first_row, last_row],
  );
  return rows.map(({ row_number }) => row_number);
}
