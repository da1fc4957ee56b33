import type { TenantTx } from '../../database/tenant-database';
import type { DataImport } from '../data-import.entity';

export type NewImport = Pick<
  DataImport,
  | 'id'
  | 'filename'
  | 'format'
  | 'encoding'
  | 'delimiter'
  | 'sheet'
  | 'sheets'
  | 'source'
  | 'reading'
  | 'checksum_sha256'
  | 'size_bytes'
  | 'status'
  | 'corrects_import_id'
  | 'error_message'
  | 'created_at'
>;

export async function insertImport(tx: TenantTx, row: NewImport): Promise<void> {
  await tx.execute(
    `INSERT INTO migration.data_imports
       (client_account_id, engagement_id, id, filename, format, encoding, delimiter, sheet, sheets, checksum_sha256,
        size_bytes, status, corrects_import_id, error_message, source, reading, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)`,
    [
      row.id,
      row.filename,
      row.format,
      row.encoding,
      row.delimiter,
      row.sheet,
      row.sheets && JSON.stringify(row.sheets),
      row.checksum_sha256,
      row.size_bytes,
      row.status,
      row.corrects_import_id,
      row.error_message,
      row.source,
      JSON.stringify(row.reading),
      row.created_at,
    ],
  );
}
