import type { TenantTx } from '../../database/tenant-database';

export interface ProcessedRecords {
  data_import_id: string;
  processed: number;
}

/**
 * Moves imports on by the records that this transaction decided. Written after the records, so that who decides records
 * of one import locks records first and its row last. Served by uq_data_imports_tenant_id.
 */
export async function countProcessedRecords(
  tx: TenantTx,
  imports: readonly ProcessedRecords[],
  at: Date,
): Promise<void> {
  if (imports.length === 0) return;
  await tx.execute(
    `UPDATE migration.data_imports i
        SET processed_records = i.processed_records + p.processed,
            progress_percentage = 100.0 * (i.processed_records + p.processed) / greatest(i.total_records, 1),
            updated_at = $3
       FROM unnest($4::uuid[], $5::int[]) AS p (data_import_id, processed)
      WHERE i.client_account_id = $1 AND i.engagement_id = $2 AND i.id = p.data_import_id`,
    [at, imports.map(({ data_import_id }) => data_import_id), imports.map(({ processed }) => processed)],
  );
}
