import type { TenantTx } from '../../database/tenant-database';

/**
 * The tenant's first import of the same bytes and, in a workbook, of the same sheet, and of the same source where one is
 * asked for. A failed one never counts.
 * Served by idx_data_imports_tenant_checksum.
 */
export async function findFirstImport(
  tx: TenantTx,
  {
    checksum_sha256,
    sheet,
    source,
  }: { checksum_sha256: string; sheet: string | null; source: string | null },
): Promise<string | null> {
  const [first] = await tx.rows<{ id: string }>(
    `SELECT i.id FROM migration.data_imports i
      WHERE i.client_account_id = $1 AND i.engagement_id = $2 AND i.checksum_sha256 = $3
        AND i.sheet IS NOT DISTINCT FROM $4 AND ($5::text IS NULL OR i.source = $5)
        AND i.status NOT IN ('failed', 'cancelled')
      ORDER BY i.created_at, i.id LIMIT 1`,
    [checksum_sha256, sheet, source],
  );
  return first?.id ?? null;
}
