import type { TenantTx } from '../../database/tenant-database';
import type { LearnedMapping } from '../../field-mapping/with-learned-mappings';

/** What the tenant has decided about the headers of a source. Served by pk_learned_field_mappings. */
export function listLearnedMappings(tx: TenantTx, source: string | null): Promise<LearnedMapping[]> {
  return tx.rows<LearnedMapping>(
    `SELECT l.header_key, l.header, l.target_field, l.updated_at
       FROM migration.learned_field_mappings l
      WHERE l.client_account_id = $1 AND l.engagement_id = $2 AND l.source = coalesce($3, 'generic')`,
    [source],
  );
}
