import type { TenantTx } from '../../database/tenant-database';

/** Rows of an import by their numbers. Served by uq_raw_import_records_row. */
export async function findRowsByNumber(
  tx: TenantTx,
  data_import_id: string,
  row_numbers: readonly number[],
): Promise<{ row_number: number; raw_data: Record<string, string> }[]> {
  if (row_numbers.length === 0) return [];
  return tx.rows(
    `SELECT r.row_number, r.raw_data
       FROM migration.raw_import_records r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $3
        AND r.row_number = ANY ($4::int[])`,
    [data_import_id, row_numbers],
  );
}
