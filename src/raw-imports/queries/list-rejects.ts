import type { TenantTx } from '../../database/tenant-database';
import type { RowProblem } from '../raw-import-record.entity';

export interface RejectedRecord {
  id: string;
  row_number: number;
  raw_data: Record<string, string>;
  validation_errors: RowProblem[] | null;
  corrected_by: string | null;
}

interface RejectRange {
  data_import_id: string;
  after_row?: number;
  limit: number;
  offset?: number;
}

/**
 * Rejected rows of an import: those refused while importing and those refused by a run. A page of the list goes by
 * offset; a whole CSV goes by the last row number seen, at a flat cost. Served by uq_raw_import_records_row.
 */
export function listRejects(
  tx: TenantTx,
  { data_import_id, after_row = 0, limit, offset = 0 }: RejectRange,
): Promise<RejectedRecord[]> {
  return tx.rows<RejectedRecord>(
    `SELECT r.id, r.row_number, r.raw_data, r.validation_errors, r.corrected_by
       FROM migration.raw_import_records r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $3 AND r.row_number > $4
        AND r.fate = 'rejected'
      ORDER BY r.row_number LIMIT $5 OFFSET $6`,
    [data_import_id, after_row, limit, offset],
  );
}

export async function countRejects(tx: TenantTx, data_import_id: string): Promise<number> {
  const [count] = await tx.rows<{ total: number }>(
    `SELECT count(*)::int AS total FROM migration.raw_import_records r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $3 AND r.fate = 'rejected'`,
    [data_import_id],
  );
  return count?.total ?? 0;
}
