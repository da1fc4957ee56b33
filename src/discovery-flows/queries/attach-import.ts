import type { TenantTx } from '../../database/tenant-database';

/** The first flow over an import becomes the import's own. */
export async function attachImport(
  tx: TenantTx,
  { data_import_id, master_flow_id, at }: { data_import_id: string; master_flow_id: string; at: Date },
): Promise<void> {
  await tx.execute(
    `UPDATE migration.data_imports SET master_flow_id = $4, updated_at = $5
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3 AND master_flow_id IS NULL`,
    [data_import_id, master_flow_id, at],
  );
}
