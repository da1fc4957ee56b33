import type { TenantTx } from '../../database/tenant-database';

export interface FateCounts {
  created: number;
  duplicates: number;
  conflicts: number;
  rejected: number;
}

/**
 * The fates of the `limit` most recently decided rows of a range. Used when rows of a chunk were decided by
 * somebody else since the run was planned: they count under the fate that they got, so the ledger stays complete.
 */
export async function countFates(
  tx: TenantTx,
  range: { data_import_id: string; first_row: number; last_row: number; limit: number },
): Promise<FateCounts> {
  const [counts] = await tx.rows<FateCounts>(
    `SELECT count(*) FILTER (WHERE d.fate = 'created')::int AS created,
            count(*) FILTER (WHERE d.fate = 'duplicate')::int AS duplicates,
            count(*) FILTER (WHERE d.fate = 'conflict')::int AS conflicts,
            count(*) FILTER (WHERE d.fate = 'rejected')::int AS rejected
       FROM (SELECT r.fate
               FROM migration.raw_import_records r
              WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $3
                AND r.row_number BETWEEN $4 AND $5 AND r.is_valid AND r.is_processed
              ORDER BY r.processed_at DESC LIMIT $6) d`,
    [range.data_import_id, range.first_row, range.last_row, range.limit],
  );
  return counts ?? { created: 0, duplicates: 0, conflicts: 0, rejected: 0 };
}
