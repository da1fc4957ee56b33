import type { TenantTx } from '../../database/tenant-database';
import type { Claim } from '../corrections/claim-of';

/** Of imports with the same columns, such as a monthly export's. Older ones have to be named. */
const IMPORTS_TO_LOOK_AT = 100;

/**
 * The import with these columns in which every claim names a reject with this error; null where there is none or
 * nothing is claimed. One with rejects that are not corrected yet goes before others, then the newest.
 *
 * The tenant's few imports are read by idx_data_imports_tenant_checksum; then each claim is one look-up by
 * uq_raw_import_records_row in each import that is left. The LIMIT keeps the look-up from being joined as a whole: then
 * every row of the import is read.
 */
export async function findCorrectedImport(
  tx: TenantTx,
  columns: readonly string[],
  claims: readonly Claim[],
): Promise<string | null> {
  if (claims.length === 0) return null;
  const [found] = await tx.rows<{ id: string }>(
    `SELECT i.id
       FROM (SELECT d.id, d.created_at
               FROM migration.data_imports d
              WHERE d.client_account_id = $1 AND d.engagement_id = $2 AND d.columns = $3::jsonb
                AND d.status NOT IN ('failed', 'cancelled')
              ORDER BY d.created_at DESC, d.id DESC LIMIT ${IMPORTS_TO_LOOK_AT}) i
      CROSS JOIN LATERAL (
            SELECT count(*) AS fitting, count(*) FILTER (WHERE r.corrected_by IS NULL) AS uncorrected
              FROM unnest($4::integer[], $5::text[], $6::text[]) AS c (row_number, error_code, message)
             CROSS JOIN LATERAL (
                   SELECT r.corrected_by, r.validation_errors
                     FROM migration.raw_import_records r
                    WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.data_import_id = i.id
                      AND r.row_number = c.row_number AND r.fate = 'rejected' LIMIT 1) r
             WHERE coalesce(r.validation_errors -> 0 ->> 'code', '') = c.error_code
               AND coalesce(r.validation_errors -> 0 ->> 'message', '') = c.message) found
      WHERE found.fitting = cardinality($4::integer[])
      ORDER BY found.uncorrected = 0, i.created_at DESC, i.id DESC LIMIT 1`,
    [
      JSON.stringify(columns),
      claims.map(({ row_number }) => row_number),
      claims.map(({ error_code }) => error_code),
      claims.map(({ message }) => message),
    ],
  );
  return found?.id ?? null;
}
