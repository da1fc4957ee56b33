import type { TenantTx } from '../../database/tenant-database';
import type { NewImport } from './insert-import';

/**
 * The tenant's first import of the same bytes, read in the same way and, in a workbook, of the same sheet. A failed one
 * never counts.
 * Served by idx_data_imports_tenant_checksum.
 */
export async function findFirstImport(
  tx: TenantTx,
  { checksum_sha256, sheet, reading }: Pick<NewImport, 'checksum_sha256' | 'sheet' | 'reading'>,
): Promise<string | null> {
  const [first] = await tx.rows<{ id: string }>(
    `SELECT i.id FROM migration.data_imports i
      WHERE i.client_account_id = $1 AND i.engagement_id = $2 AND i.checksum_sha256 = $3
        AND i.sheet IS NOT DISTINCT FROM $4 AND i.reading = $5 AND i.status NOT IN ('failed', 'cancelled')
      ORDER BY i.created_at, i.id LIMIT 1`,
    [checksum_sha256, sheet, JSON.stringify(reading)],
  );
  return first?.id ?? null;
}
