import type { TenantTx } from '../../database/tenant-database';
import type { Slice } from '../../http/page';
import type { RawImportRecord } from '../raw-import-record.entity';

export interface RawRecordFilter {
  data_import_id?: string;
  is_processed?: boolean;
  is_valid?: boolean;
}

/**
 * In the order of the file, imports by their id (UUID v7: by time). Served by uq_raw_import_records_row, whose
 * order this is; without an import it walks the tenant's whole index from its start.
 */
export async function listRawRecords(
  tx: TenantTx,
  filter: RawRecordFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<Slice<RawImportRecord>> {
  const values: unknown[] = [];
  const conditions = ['r.client_account_id = $1', 'r.engagement_id = $2'];
  for (const column of ['data_import_id', 'is_processed', 'is_valid'] as const) {
    if (filter[column] === undefined) continue;
    values.push(filter[column]);
    conditions.push(`r.${column} = $${values.length + 2}`);
  }
  const where = conditions.join(' AND ');
  const rows = await tx.rows<RawImportRecord>(
    `SELECT r.client_account_id, r.engagement_id, r.id, r.data_import_id, r.row_number, r.raw_data, r.grouped_rows,
            r.cleansed_data, r.is_valid, r.validation_errors, r.is_processed, r.processed_at, r.processing_notes, r.asset_id,
            r.matched_asset_id, r.discovery_run_id, r.decision, r.corrected_by, r.fate, r.master_flow_id, r.created_at, r.updated_at
       FROM migration.raw_import_records r
      WHERE ${where}
      ORDER BY r.data_import_id, r.row_number, r.id LIMIT $${values.length + 3} OFFSET $${values.length + 4}`,
    [...values, limit, offset],
  );
  const [count] = await tx.rows<{ total: number }>(
    `SELECT count(*)::int AS total FROM migration.raw_import_records r WHERE ${where}`,
    values,
  );
  return { rows, total: count?.total ?? 0 };
}
