import type { TenantTx } from '../../database/tenant-database';
import type { MappingChoice } from '../../field-mapping/mapping-choices';

interface Lesson {
  data_import_id: string;
  choices: readonly MappingChoice[];
  at: Date;
}

/**
 * Remembers choices for the source of an import, as far as they are about columns that it has. Of two headers with the
 * same key the mapped one counts, then the first. Written in the order of the keys: two approvals at once wait for each
 * other instead of deadlocking. @returns how many were remembered.
 */
export async function learnMappings(tx: TenantTx, { data_import_id, choices, at }: Lesson): Promise<number> {
  return tx.execute(
    `INSERT INTO migration.learned_field_mappings AS l
       (client_account_id, engagement_id, source, header_key, header, target_field, approvals, created_at, updated_at)
     SELECT DISTINCT ON (c.header_key)
            $1, $2, coalesce(i.source, 'generic'), c.header_key, c.header, c.target_field, 1, $4, $4
       FROM migration.data_imports i
      CROSS JOIN unnest($5::text[], $6::text[], $7::text[])
              WITH ORDINALITY AS c (header_key, header, target_field, position)
      WHERE i.client_account_id = $1 AND i.engagement_id = $2 AND i.id = $3 AND i.columns ? c.header
      ORDER BY c.header_key, c.target_field IS NULL, c.position
     ON CONFLICT (client_account_id, engagement_id, source, header_key) DO UPDATE
        SET header = excluded.header, target_field = excluded.target_field, updated_at = excluded.updated_at,
            approvals = CASE WHEN l.target_field IS NOT DISTINCT FROM excluded.target_field
                             THEN l.approvals + 1 ELSE 1 END`,
    [
      data_import_id,
      at,
      choices.map(({ header_key }) => header_key),
      choices.map(({ header }) => header),
      choices.map(({ target_field }) => target_field),
    ],
  );
}
