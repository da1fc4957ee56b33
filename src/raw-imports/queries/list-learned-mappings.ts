import type { TenantTx } from '../../database/tenant-database';
import type { LearnedMapping } from '../../field-mapping/with-learned-mappings';

/**
 * What the tenant has decided about headers, of every source: which one a file has is known by its columns, and those
 * of JSON only when its rows are read. Served by pk_learned_field_mappings.
 */
export function listLearnedMappings(tx: TenantTx): Promise<LearnedMapping[]> {
  return tx.rows<LearnedMapping>(
    `SELECT l.source, l.header_key, l.header, l.target_field, l.updated_at
       FROM migration.learned_field_mappings l
      WHERE l.client_account_id = $1 AND l.engagement_id = $2`,
  );
}
