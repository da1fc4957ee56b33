import type { TenantTx } from '../../database/tenant-database';
import type { PendingRow } from './find-pending-rows';
import { UNDECIDED } from './undecided-sql';

/** The next rows of an import that still have no fate, in order. Served by uq_raw_import_records_row. */
export function listPendingRows(
  tx: TenantTx,
  { data_import_id, after_row, limit }: { data_import_id: string; after_row: number; limit: number },
): Promise<PendingRow[]> {
  return tx.rows<PendingRow>(
    `SELECT r.id, r.row_number, r.raw_data
       FROM migration.raw_import_records r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $3 AND r.row_number > $4
        AND r.is_valid AND ${UNDECIDED}
      ORDER BY r.row_number LIMIT $5`,
    [data_import_id, after_row, limit],
  );
}
