import { BROKEN_LINKS } from '../../wiring-health/queries/broken-links-sql';

const OWN = (alias: string) => `${alias}.client_account_id = $1 AND ${alias}.engagement_id = $2`;

/** The others are decided, and made none. */
const MAY_HAVE_ASSET = `r.fate IN ('pending', 'created')`;

/**
 * Whether what the two rows say themselves speaks against their being a pair: another name in the record, another import
 * than that of the asset's flow, or no decision yet, while a run is to make it or no cell of it is one of the asset's keys.
 */
const CONTRADICTS = `
  coalesce(r.cleansed_data->>'name' <> a.name,
           r.processing_notes LIKE 'Linked to: %' AND r.processing_notes <> 'Linked to: ' || a.name, false)
  OR coalesce(f.data_import_id <> r.data_import_id, false)
  OR (r.fate = 'pending'
      AND (EXISTS (SELECT FROM migration.discovery_runs u
                    WHERE ${OWN('u')} AND u.data_import_id = r.data_import_id AND u.status IN ('queued', 'running', 'paused'))
           OR (r.raw_data <> '{}'
               AND NOT EXISTS (SELECT FROM jsonb_each_text(r.raw_data) cell
                                WHERE lower(btrim(cell.value))
                                   IN (lower(a.name), lower(a.hostname), lower(a.fqdn), lower(a.ip_address), lower(a.serial_number))))))`;

/**
 * Flows whose master flow is missing or another's: a flow's master has the flow's own public id.
 * Few rows, and all later steps look at what these become.
 */
const FLOWS = `
  flow_changes AS (
    SELECT f.id, f.master_flow_id AS old_master, own.flow_id AS new_master
      FROM migration.discovery_flows f
      LEFT JOIN migration.crewai_flow_state_extensions own ON ${OWN('own')} AND own.flow_id = f.flow_id
      LEFT JOIN migration.crewai_flow_state_extensions named ON ${OWN('named')} AND named.flow_id = f.master_flow_id
     WHERE ${OWN('f')} AND f.master_flow_id IS DISTINCT FROM own.flow_id
       AND (own.flow_id IS NOT NULL OR named.flow_id IS NULL)
  )`;

/**
 * Which asset and which record belong together, of those whose pointers do not hold.
 *
 * Each pointer to a row that exists is a claim that its two ends are a pair. A claim on a row that is linked both ways
 * already is false, and so is one of or on a record that was decided to make no asset. One that the rows themselves speak
 * against decides nothing. Of the others, one that has no rival at either end is true; among rivals, one that the row's own
 * words bear out ("Linked to: …", or the cleansed row) and that is alone in that. An asset and a record of its flow's
 * import that no such claim reaches belong together when their natural keys are equal and no other's are.
 */
const PAIRS = `
  claims AS MATERIALIZED (
    SELECT p.id AS asset_id, p.target_id AS record_id
      FROM asset_pointers p
     WHERE NOT p.is_orphan
       AND EXISTS (SELECT FROM migration.raw_import_records r
                    WHERE ${OWN('r')} AND r.id = p.target_id AND ${MAY_HAVE_ASSET}
                      AND (r.asset_id IS NULL OR EXISTS (SELECT FROM record_pointers q WHERE q.id = r.id)))
    UNION ALL
    SELECT p.target_id, p.id
      FROM record_pointers p
     WHERE NOT p.is_orphan
       AND EXISTS (SELECT FROM migration.raw_import_records r WHERE ${OWN('r')} AND r.id = p.id AND ${MAY_HAVE_ASSET})
       AND NOT EXISTS (SELECT FROM migration.assets a
                        WHERE ${OWN('a')} AND a.id = p.target_id AND a.raw_import_records_id IS NOT NULL
                          AND NOT EXISTS (SELECT FROM asset_pointers q WHERE q.id = a.id))
  ), weighed AS (
    SELECT c.asset_id, c.record_id,
           coalesce(r.processing_notes = 'Linked to: ' || a.name OR r.cleansed_data->>'name' = a.name, false) AS is_borne_out,
           ${CONTRADICTS} AS is_contradicted
      FROM claims c
      JOIN migration.assets a ON ${OWN('a')} AND a.id = c.asset_id
      JOIN migration.raw_import_records r ON ${OWN('r')} AND r.id = c.record_id
      LEFT JOIN flow_of_asset n ON n.id = a.id
      LEFT JOIN migration.discovery_flows f ON ${OWN('f')} AND f.id = coalesce(n.new_flow, a.discovery_flow_id)
  ), counted AS (
    SELECT w.*,
           count(*) OVER by_asset = 1 AND count(*) OVER by_record = 1 AS has_no_rival,
           is_borne_out AND count(*) FILTER (WHERE is_borne_out) OVER by_asset = 1
             AND count(*) FILTER (WHERE is_borne_out) OVER by_record = 1 AS wins
      FROM weighed w
     WHERE NOT w.is_contradicted
    WINDOW by_asset AS (PARTITION BY asset_id), by_record AS (PARTITION BY record_id)
  ), claimed_pairs AS (
    SELECT asset_id, record_id FROM counted WHERE has_no_rival OR wins
  ), open_claims AS (
    SELECT c.asset_id, c.record_id
      FROM counted c
     WHERE NOT EXISTS (SELECT FROM claimed_pairs p WHERE p.asset_id = c.asset_id)
       AND NOT EXISTS (SELECT FROM claimed_pairs p WHERE p.record_id = c.record_id)
  ), lone_assets AS MATERIALIZED (
    SELECT a.id, f.data_import_id, a.name, a.hostname, a.fqdn, a.ip_address, a.serial_number
      FROM migration.assets a
      LEFT JOIN flow_of_asset n ON n.id = a.id
      JOIN migration.discovery_flows f ON ${OWN('f')} AND f.id = coalesce(n.new_flow, a.discovery_flow_id)
     WHERE ${OWN('a')} AND a.discovery_method = 'flow_based' AND f.data_import_id IS NOT NULL
       AND (a.raw_import_records_id IS NULL OR a.id IN (SELECT p.id FROM asset_pointers p))
       AND NOT EXISTS (SELECT FROM claimed_pairs c WHERE c.asset_id = a.id)
       AND NOT EXISTS (SELECT FROM open_claims o WHERE o.asset_id = a.id)
  ), lone_records AS MATERIALIZED (
    SELECT r.id, r.data_import_id, r.cleansed_data, r.processing_notes
      FROM migration.raw_import_records r
     WHERE ${OWN('r')} AND r.fate = 'created' AND EXISTS (SELECT FROM lone_assets)
       AND (r.asset_id IS NULL OR r.id IN (SELECT p.id FROM record_pointers p))
       AND NOT EXISTS (SELECT FROM claimed_pairs c WHERE c.record_id = r.id)
       AND NOT EXISTS (SELECT FROM open_claims o WHERE o.record_id = r.id)
  ), matches AS (
    SELECT a.id AS asset_id, r.id AS record_id
      FROM lone_assets a
      JOIN lone_records r
        ON r.data_import_id = a.data_import_id AND r.cleansed_data->>'name' = a.name
       AND coalesce(r.cleansed_data->>'hostname', '') = coalesce(a.hostname, '')
       AND coalesce(r.cleansed_data->>'fqdn', '') = coalesce(a.fqdn, '')
       AND coalesce(r.cleansed_data->>'ip_address', '') = coalesce(a.ip_address, '')
       AND coalesce(r.cleansed_data->>'serial_number', '') = coalesce(a.serial_number, '')
    UNION ALL
    SELECT a.id, r.id
      FROM lone_assets a
      JOIN lone_records r ON r.data_import_id = a.data_import_id AND r.processing_notes = 'Linked to: ' || a.name
     WHERE r.cleansed_data->>'name' IS NULL
  ), alike AS (
    SELECT m.asset_id, m.record_id,
           count(*) OVER (PARTITION BY m.asset_id) = 1 AND count(*) OVER (PARTITION BY m.record_id) = 1 AS is_alone
      FROM matches m
  ), pairs AS (
    SELECT asset_id, record_id, 'link_by_pointer' AS rule FROM claimed_pairs
    UNION ALL
    SELECT asset_id, record_id, 'link_by_natural_key' FROM alike WHERE is_alone
  ), doubtful_claims AS (
    SELECT w.asset_id, w.record_id
      FROM weighed w
     WHERE w.is_contradicted
       AND NOT EXISTS (SELECT FROM pairs p WHERE p.asset_id = w.asset_id)
       AND NOT EXISTS (SELECT FROM pairs p WHERE p.record_id = w.record_id)
  ), left_claims AS (
    SELECT asset_id, record_id FROM open_claims
    UNION
    SELECT asset_id, record_id FROM doubtful_claims
  )`;

/**
 * Which flow an asset belongs to that names none, or one that is gone: what its legacy public id, its master flow's id and, taken for a public id,
 * the id that it names say, else the run that decided its record, else its import's only flow. Where these know no flow or several, none.
 */
const FLOWS_OF_ASSETS = `
  flow_of_asset AS MATERIALIZED (
    SELECT a.id, a.discovery_flow_id AS old_flow,
           CASE WHEN cardinality(c.flows) = 1 THEN c.flows[1] END AS new_flow, cardinality(c.flows) > 1 AS is_ambiguous
      FROM migration.assets a
     CROSS JOIN LATERAL (
       SELECT coalesce(
         (SELECT array_agg(f.id) FROM migration.discovery_flows f
           WHERE ${OWN('f')} AND f.flow_id IN (a.flow_id, a.master_flow_id, a.discovery_flow_id)),
         (SELECT array_agg(DISTINCT u.discovery_flow_id)
            FROM migration.raw_import_records r
            JOIN migration.discovery_runs u ON ${OWN('u')} AND u.id = r.discovery_run_id
            JOIN migration.discovery_flows f ON ${OWN('f')} AND f.id = u.discovery_flow_id
           WHERE ${OWN('r')} AND r.id = a.raw_import_records_id AND r.asset_id = a.id),
         (SELECT array_agg(f.id)
            FROM migration.raw_import_records r
            JOIN migration.discovery_flows f ON ${OWN('f')} AND f.data_import_id = r.data_import_id
           WHERE ${OWN('r')} AND r.id = a.raw_import_records_id AND r.asset_id = a.id),
         '{}') AS flows) c
     WHERE ${OWN('a')}
       AND (a.discovery_flow_id IS NOT NULL OR a.discovery_method = 'flow_based' OR a.flow_id IS NOT NULL)
       AND NOT EXISTS (SELECT FROM migration.discovery_flows f WHERE ${OWN('f')} AND f.id = a.discovery_flow_id)
  )`;

/** What becomes of each row's links; a row of the answer is a row of a table that changes. */
const ROWS = `
  asset_ids AS (
    SELECT p.asset_id AS id FROM pairs p
    UNION
    SELECT p.id FROM asset_pointers p
     WHERE NOT EXISTS (SELECT FROM left_claims o WHERE o.asset_id = p.id AND o.record_id = p.target_id)
    UNION
    SELECT f.id FROM flow_of_asset f WHERE f.new_flow IS NOT NULL OR (f.old_flow IS NOT NULL AND NOT f.is_ambiguous)
    UNION
    SELECT a.id
      FROM migration.assets a
     WHERE ${OWN('a')} AND (a.master_flow_id IS NOT NULL OR a.discovery_flow_id IS NOT NULL)
       AND NOT EXISTS (SELECT FROM migration.crewai_flow_state_extensions m
                        WHERE ${OWN('m')} AND m.flow_id = a.master_flow_id)
  ), asset_states AS (
    SELECT a.id, a.name,
           jsonb_build_object('discovery_flow_id', a.discovery_flow_id, 'master_flow_id', a.master_flow_id,
                              'raw_import_records_id', a.raw_import_records_id) AS old,
           jsonb_build_object(
             'discovery_flow_id', n.flow_id,
             'master_flow_id', CASE WHEN m.flow_id IS NULL THEN own.flow_id ELSE a.master_flow_id END,
             'raw_import_records_id',
               CASE WHEN p.asset_id IS NOT NULL THEN p.record_id
                    WHEN b.id IS NOT NULL AND o.asset_id IS NULL THEN NULL
                    ELSE a.raw_import_records_id END) AS new,
           p.rule AS pair_rule, m.flow_id IS NULL AS lacks_master
      FROM asset_ids i
      JOIN migration.assets a ON ${OWN('a')} AND a.id = i.id
      LEFT JOIN flow_of_asset x ON x.id = a.id
     CROSS JOIN LATERAL (
       SELECT CASE WHEN x.id IS NULL OR x.is_ambiguous THEN a.discovery_flow_id ELSE x.new_flow END AS flow_id) n
      LEFT JOIN migration.discovery_flows f ON ${OWN('f')} AND f.id = n.flow_id
      LEFT JOIN migration.crewai_flow_state_extensions own ON ${OWN('own')} AND own.flow_id = f.flow_id
      LEFT JOIN migration.crewai_flow_state_extensions m ON ${OWN('m')} AND m.flow_id = a.master_flow_id
      LEFT JOIN pairs p ON p.asset_id = a.id
      LEFT JOIN (SELECT DISTINCT q.id FROM asset_pointers q) b ON b.id = a.id
      LEFT JOIN left_claims o ON o.asset_id = a.id AND o.record_id = a.raw_import_records_id
  ), record_ids AS (
    SELECT p.record_id AS id FROM pairs p
    UNION
    SELECT p.id FROM record_pointers p
     WHERE NOT EXISTS (SELECT FROM left_claims o WHERE o.asset_id = p.target_id AND o.record_id = p.id)
    UNION
    SELECT r.id
      FROM migration.raw_import_records r
     WHERE ${OWN('r')} AND NOT r.is_processed AND (r.fate <> 'pending' OR r.asset_id IS NOT NULL)
    UNION
    SELECT r.id
      FROM migration.raw_import_records r
     WHERE ${OWN('r')} AND r.data_import_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM migration.data_imports i WHERE ${OWN('i')} AND i.id = r.data_import_id)
    UNION
    SELECT r.id
      FROM migration.raw_import_records r
     WHERE ${OWN('r')} AND (r.master_flow_id IS NOT NULL OR r.asset_id IS NOT NULL)
       AND NOT EXISTS (SELECT FROM migration.crewai_flow_state_extensions m
                        WHERE ${OWN('m')} AND m.flow_id = r.master_flow_id)
  ), record_states AS (
    SELECT r.id,
           jsonb_build_object('asset_id', r.asset_id, 'data_import_id', r.data_import_id,
                              'master_flow_id', r.master_flow_id, 'fate', r.fate, 'is_processed', r.is_processed,
                              'processing_notes', r.processing_notes) AS old,
           jsonb_build_object(
             'asset_id', l.asset_id,
             'data_import_id',
               CASE WHEN i.id IS NOT NULL THEN r.data_import_id
                    -- An import has each row number once.
                    WHEN count(*) OVER (PARTITION BY i.id IS NULL, f.data_import_id, r.row_number) = 1
                         AND NOT EXISTS (SELECT FROM migration.raw_import_records o
                                          WHERE ${OWN('o')} AND o.data_import_id = f.data_import_id
                                            AND o.row_number = r.row_number AND o.id <> r.id)
                    THEN f.data_import_id END,
             'master_flow_id',
               CASE WHEN m.flow_id IS NOT NULL THEN r.master_flow_id
                    ELSE coalesce((s.new->>'master_flow_id')::uuid, known.flow_id) END,
             'fate', CASE WHEN l.asset_id IS NULL THEN r.fate ELSE 'created' END,
             'is_processed', l.asset_id IS NOT NULL OR r.fate <> 'pending',
             'processing_notes',
               CASE WHEN p.record_id IS NULL AND r.fate = 'created' THEN r.processing_notes
                    WHEN l.asset_id IS NULL THEN r.processing_notes
                    ELSE 'Linked to: ' || a.name END) AS new,
           p.rule AS pair_rule, p.asset_id AS unit
      FROM record_ids x
      JOIN migration.raw_import_records r ON ${OWN('r')} AND r.id = x.id
      LEFT JOIN pairs p ON p.record_id = r.id
      LEFT JOIN (SELECT DISTINCT q.id FROM record_pointers q) b ON b.id = r.id
      LEFT JOIN left_claims o ON o.record_id = r.id AND o.asset_id = r.asset_id
     CROSS JOIN LATERAL (
       SELECT CASE WHEN p.record_id IS NOT NULL THEN p.asset_id
                   WHEN b.id IS NOT NULL AND o.record_id IS NULL THEN NULL
                   ELSE r.asset_id END AS asset_id) l
      LEFT JOIN migration.assets a ON ${OWN('a')} AND a.id = l.asset_id
      LEFT JOIN asset_states s ON s.id = l.asset_id
      LEFT JOIN migration.discovery_flows f
        ON ${OWN('f')} AND f.id = coalesce((s.new->>'discovery_flow_id')::uuid, a.discovery_flow_id)
      LEFT JOIN migration.data_imports i ON ${OWN('i')} AND i.id = r.data_import_id
      LEFT JOIN migration.crewai_flow_state_extensions m ON ${OWN('m')} AND m.flow_id = r.master_flow_id
      LEFT JOIN migration.crewai_flow_state_extensions known
        ON ${OWN('known')} AND known.flow_id = a.master_flow_id
  ), rows AS (
    SELECT 'discovery_flows' AS table_name, c.id, c.id AS unit, NULL AS pair_rule,
           jsonb_build_object('master_flow_id', c.old_master) AS old,
           jsonb_build_object('master_flow_id', c.new_master) AS new
      FROM flow_changes c
    UNION ALL
    SELECT 'assets', s.id, s.id, s.pair_rule, s.old, s.new FROM asset_states s
    UNION ALL
    SELECT 'raw_import_records', s.id, coalesce(s.unit, s.id), s.pair_rule, s.old, s.new FROM record_states s
  )`;

/**
 * The links of the tenant that can be mended without doubt, as \`plan (table_name, id, unit, rules, old, new, overwrites)\`
 * for a WITH list. $1 and $2 are the tenant. Rows of one unit must change in one transaction: the keys of a pair hold each
 * side to the other. \`overwrites\` is whether any link of the unit is taken away or replaced, rather than filled in.
 */
export const PLAN = `
  ${FLOWS.trim()}, ${BROKEN_LINKS}, ${FLOWS_OF_ASSETS}, ${PAIRS}, ${ROWS},
  plan AS (
    SELECT r.table_name, r.id, r.unit, c.rules, r.old, r.new, bool_or(c.overwrites) OVER (PARTITION BY r.unit) AS overwrites
      FROM rows r
     CROSS JOIN LATERAL (
       SELECT array_agg(DISTINCT CASE
                WHEN o.key IN ('asset_id', 'raw_import_records_id') AND n.value <> 'null' THEN r.pair_rule
                WHEN o.key IN ('fate', 'is_processed', 'processing_notes') THEN 'mark_processed'
                WHEN n.value = 'null' THEN 'clear_' || o.key
                ELSE 'derive_' || o.key END) AS rules,
              bool_or(o.value <> 'null' AND o.key NOT IN ('fate', 'is_processed', 'processing_notes')) AS overwrites
         FROM jsonb_each(r.old) o JOIN jsonb_each(r.new) n ON n.key = o.key AND n.value <> o.value) c
     WHERE r.old <> r.new
  )`;
