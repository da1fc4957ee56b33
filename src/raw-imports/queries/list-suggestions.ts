import type { TenantTx } from '../../database/tenant-database';
import type { SuggestedFieldMapping } from '../../field-mapping/suggested-field-mapping';

/** An import's suggestions in the order in which they were made. Served by uq_import_field_mappings_pair. */
export function listSuggestions(tx: TenantTx, data_import_id: string): Promise<SuggestedFieldMapping[]> {
  return tx.rows<SuggestedFieldMapping>(
    `SELECT m.source_field, m.target_field, m.confidence_score, m.match_type, m.rule, m.evidence
       FROM migration.import_field_mappings m
      WHERE m.client_account_id = $1 AND m.engagement_id = $2 AND m.data_import_id = $3
        AND m.match_type <> 'manual'
      ORDER BY m.id`,
    [data_import_id],
  );
}
