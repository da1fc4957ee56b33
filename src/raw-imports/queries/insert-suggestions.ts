import { v7 as uuidv7 } from 'uuid';
import type { TenantTx } from '../../database/tenant-database';
import type { SuggestedFieldMapping } from '../../field-mapping/suggested-field-mapping';

export async function insertSuggestions(
  tx: TenantTx,
  data_import_id: string,
  suggestions: readonly SuggestedFieldMapping[],
  at: Date,
): Promise<void> {
  await tx.execute(
    `INSERT INTO migration.import_field_mappings
       (client_account_id, engagement_id, id, data_import_id, source_field, target_field, match_type, rule,
        confidence_score, evidence, status, created_at, updated_at)
     SELECT $1, $2, s.id, $3, s.source_field, s.target_field, s.match_type, s.rule, s.confidence_score, s.evidence, 'suggested',
            $4, $4
       FROM unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::float8[],
                   $11::jsonb[])
         AS s (id, source_field, target_field, match_type, rule, confidence_score, evidence)`,
    [
      data_import_id,
      at,
      suggestions.map(() => uuidv7()),
      suggestions.map(({ source_field }) => source_field),
      suggestions.map(({ target_field }) => target_field),
      suggestions.map(({ match_type }) => match_type),
      suggestions.map(({ rule }) => rule),
      suggestions.map(({ confidence_score }) => confidence_score),
      suggestions.map(({ evidence }) => JSON.stringify(evidence)),
    ],
  );
}
