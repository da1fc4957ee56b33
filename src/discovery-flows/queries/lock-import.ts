import type { TenantTx } from '../../database/tenant-database';

/** Until the transaction ends, whoever plans a run over the same rows waits and then sees this one's run. */
export async function lockImport(tx: TenantTx, data_import_id: string): Promise<void> {
  await tx.execute(
    `SELECT FROM migration.data_imports i
      WHERE i.client_account_id = $1 AND i.engagement_id = $2 AND i.id = $3
        FOR NO KEY UPDATE`,
    [data_import_id],
  );
}
