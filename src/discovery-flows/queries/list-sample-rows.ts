import type { TenantTx } from '../../database/tenant-database';

/** The import's first valid rows: always the same ones, so that every slice reads a silent unit alike. */
export async function listSampleRows(
  tx: TenantTx,
  data_import_id: string,
): Promise<Record<string, string>[]> {
  const rows = await tx.rows<{ raw_data: Record<string, string> }>(
    `SELECT r.raw_data FROM migration.raw_import_records r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = $3 AND r.is_valid
      ORDER BY r.row_number LIMIT 200`,
    [data_import_id],
  );
  return rows.map(({ raw_data }) => raw_data);
}
