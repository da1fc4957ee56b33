import type { TenantTx } from '../../database/tenant-database';
import { CONFIDENT_SCORE } from '../../field-mapping/confident-score';

/**
 * The headers of an import that were suggested with confidence, or that a person has mapped before (those have the
 * score 1). Served by uq_import_field_mappings_pair.
 */
export async function listOfferedHeaders(tx: TenantTx, data_import_id: string): Promise<string[]> {
  const rows = await tx.rows<{ source_field: string }>(
    `SELECT DISTINCT m.source_field FROM migration.import_field_mappings m
      WHERE m.client_account_id = $1 AND m.engagement_id = $2 AND m.data_import_id = $3
        AND m.confidence_score >= ${CONFIDENT_SCORE}`,
    [data_import_id],
  );
  return rows.map(({ source_field }) => source_field);
}
