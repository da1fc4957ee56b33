import type { TenantTx } from '../../database/tenant-database';
import type { Slice } from '../../http/page';
import type { DataImport } from '../data-import.entity';

/** A tenant has few imports: one page, newest first, by the primary key's client account. */
export async function listImports(
  tx: TenantTx,
  { limit, offset }: { limit: number; offset: number },
): Promise<Slice<DataImport>> {
  const rows = await tx.rows<DataImport>(
    `SELECT i.client_account_id, i.engagement_id, i.id, i.filename, i.import_type, i.format, i.encoding, i.delimiter,
            i.sheet, i.sheets, i.source, i.detected, i.reading, i.warnings, i.grouping, i.checksum_sha256, i.size_bytes::float8 AS size_bytes, i.status, i.columns,
            i.total_records, i.valid_records, i.rejected_records, i.processed_records, i.empty_rows_skipped,
            i.progress_percentage, i.master_flow_id, i.corrects_import_id, i.imported_by, i.error_message, i.error_details, i.created_at,
            i.updated_at, i.completed_at
       FROM migration.data_imports i
      WHERE i.client_account_id = $1 AND i.engagement_id = $2
      ORDER BY i.created_at DESC, i.id DESC LIMIT $3 OFFSET $4`,
    [limit, offset],
  );
  const [count] = await tx.rows<{ total: number }>(
    `SELECT count(*)::int AS total FROM migration.data_imports i
      WHERE i.client_account_id = $1 AND i.engagement_id = $2`,
  );
  return { rows, total: count?.total ?? 0 };
}
