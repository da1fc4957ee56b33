import type { TenantTx } from '../../database/tenant-database';

/** Which of these ids are assets of the tenant. Served by pk_assets. */
export async function findWrittenAssets(tx: TenantTx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT a.id FROM migration.assets a
      WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND a.id = ANY ($3::uuid[])`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
