import type { TenantTx } from '../../database/tenant-database';
import { UNDECIDED } from './undecided-sql';

/** Row numbers of an import, both ends included. */
export interface RowRange {
  first_row: number;
  last_row: number;
}

export interface PendingRow {
  id: string;
  row_number: number;
  raw_data: Record<string, string>;
}

/** The rows of a range that still have no fate. Served by uq_raw_import_records_row. */
export function findPendingRows(
  tx: TenantTx,
  data_import_id: string,
  { first_row, last_row }: RowRange,
): Promise<PendingRow[]> {
  return tx.rows<PendingRow>(
    `SELECT r.id, r.row_number, r.raw_data
       FROM migration.raw_import_records r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $3
        AND r.row_number BETWEEN $4 AND $5 AND r.is_valid AND ${UNDECIDED}
      ORDER BY r.row_number`,
    [data_import_id, first_row, last_row],
  );
}
