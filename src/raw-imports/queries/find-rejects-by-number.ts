import type { TenantTx } from '../../database/tenant-database';
import type { RowProblem } from '../raw-import-record.entity';

export interface NumberedReject {
  row_number: number;
  raw_data: Record<string, string>;
  validation_errors: RowProblem[] | null;
}

/** Rejected rows of an import by their numbers. Served by uq_raw_import_records_row. */
export function findRejectsByNumber(
  tx: TenantTx,
  data_import_id: string,
  row_numbers: readonly number[],
): Promise<NumberedReject[]> {
  return tx.rows<NumberedReject>(
    `SELECT r.row_number, r.raw_data, r.validation_errors
       FROM migration.raw_import_records r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $3
        AND r.row_number = ANY ($4::integer[]) AND r.fate = 'rejected'`,
    [data_import_id, row_numbers],
  );
}
