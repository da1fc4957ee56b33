/**
 * The pointers between assets and raw records that do not hold, as two sets for a WITH list:
 * `asset_pointers (id, target_id, is_orphan)` and `record_pointers (id, target_id, is_orphan)`; what is no orphan
 * is asymmetric. $1 and $2 are the tenant.
 *
 * One merge full join of the two unique link indexes finds every pair that does not agree, and only those few are
 * looked at again. Each side is fenced by ORDER BY … LIMIT ALL, since PostgreSQL 15 would sort the nullable side
 * once more: it does not see that the constant tenant columns leave the index in the join's order. The join is by
 * `=`, or it could not merge; IS DISTINCT FROM comes after it.
 *
 *      asset ──raw_import_records_id──▶ record          holds: both point at each other
 *      asset ◀───────asset_id────────── record
 *
 * After a rollback of the keys several assets may name one record. It then joins with each of them, so a record's
 * own pointer is judged once and by itself, by what its target says. LIMIT 1 keeps PostgreSQL to looking each target up:
 * it takes nearly all pairs for broken, and would read and hash all assets for the sake of the first one.
 */
export const BROKEN_LINKS = `
  broken AS MATERIALIZED (
    SELECT a.id AS asset_id, a.record_id AS asset_target, r.id AS record_id, r.asset_id AS record_target
      FROM (SELECT a.raw_import_records_id AS record_id, a.id
              FROM migration.assets a
             WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND a.raw_import_records_id IS NOT NULL
             ORDER BY a.raw_import_records_id LIMIT ALL) a
      FULL JOIN (SELECT r.id, r.asset_id
                   FROM migration.raw_import_records r
                  WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.asset_id IS NOT NULL
                  ORDER BY r.id LIMIT ALL) r
        ON r.id = a.record_id
     WHERE a.id IS DISTINCT FROM r.asset_id
  ), asset_pointers AS (
    SELECT b.asset_id AS id, b.asset_target AS target_id,
           NOT EXISTS (SELECT FROM migration.raw_import_records r
                        WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = b.asset_target) AS is_orphan
      FROM broken b
     WHERE b.asset_id IS NOT NULL
  ), record_pointers AS (
    SELECT p.record_id AS id, p.record_target AS target_id, t.id IS NULL AS is_orphan
      FROM (SELECT DISTINCT b.record_id, b.record_target FROM broken b WHERE b.record_id IS NOT NULL) p
      LEFT JOIN LATERAL (SELECT t.id, t.raw_import_records_id
                           FROM migration.assets t
                          WHERE t.client_account_id = $1 AND t.engagement_id = $2 AND t.id = p.record_target
                          LIMIT 1) t ON true
     WHERE t.raw_import_records_id IS DISTINCT FROM p.record_id
  )`;
