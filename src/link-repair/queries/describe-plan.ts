import type { TenantTx } from '../../database/tenant-database';
import type { MetricName } from '../../wiring-health/wiring-checks';
import type { REPAIR_RULES } from '../repair-words';
import { PLAN } from './plan-sql';
import { type PlanSummary, SUMMARY } from './summarise-plan';

export interface RepairSample {
  table: string;
  id: string;
  /** The columns that change, as they are and as they will be. */
  from: Record<string, string | boolean | null>;
  to: Record<string, string | boolean | null>;
}

interface Effect {
  /** What the metric counts now, and would not any more. */
  fixable: number;
  /** What it does not count, and would. */
  opened: number;
  how: Partial<Record<keyof typeof REPAIR_RULES, number>>;
  samples: RepairSample[];
}

/** By metric of the wiring's health. What one metric loses another may gain: an asset whose flow is gone has none then. */
export type Effects = Partial<Record<MetricName, Effect>>;

const OWN = (alias: string) => `${alias}.client_account_id = $1 AND ${alias}.engagement_id = $2`;
const SAMPLES = 5;

/** What the plan does to what the health counts: `effects (metric, id, partner, rule, sign)`. */
const EFFECTS = `
  effects AS (
    SELECT CASE WHEN p.is_orphan THEN 'assets_with_orphan_raw_import_ref' ELSE 'asymmetric_links' END AS metric,
           p.id, p.target_id AS partner, coalesce(q.rule, 'clear_raw_import_records_id') AS rule, 1 AS sign
      FROM asset_pointers p
      LEFT JOIN pairs q ON q.asset_id = p.id
      LEFT JOIN left_claims l ON l.asset_id = p.id AND l.record_id = p.target_id
     WHERE q.asset_id IS NOT NULL OR l.asset_id IS NULL
    UNION ALL
    SELECT CASE WHEN p.is_orphan THEN 'raw_records_with_orphan_asset_ref' ELSE 'asymmetric_links' END,
           p.id, p.target_id, coalesce(q.rule, 'clear_asset_id'), 1
      FROM record_pointers p
      LEFT JOIN pairs q ON q.record_id = p.id
      LEFT JOIN left_claims l ON l.asset_id = p.target_id AND l.record_id = p.id
     WHERE q.record_id IS NOT NULL OR l.record_id IS NULL
    UNION ALL
    SELECT e.metric, p.id, NULL, e.rule, e.sign
      FROM plan p
      JOIN migration.assets a ON ${OWN('a')} AND a.id = p.id
     CROSS JOIN LATERAL (
       SELECT p.old->'discovery_flow_id' = 'null' AS had_none, p.new->'discovery_flow_id' = 'null' AS has_none,
              p.old->'discovery_flow_id' <> p.new->'discovery_flow_id' AS changes) f
     CROSS JOIN LATERAL (VALUES
       ('all_assets_missing_discovery_flow_id', 'derive_discovery_flow_id', f.had_none::int - f.has_none::int),
       ('flow_based_assets_missing_discovery_flow_id', 'derive_discovery_flow_id',
         CASE WHEN a.discovery_method = 'flow_based' THEN f.had_none::int - f.has_none::int ELSE 0 END),
       ('assets_with_orphan_discovery_flow_ref',
         CASE WHEN f.has_none THEN 'clear_discovery_flow_id' ELSE 'derive_discovery_flow_id' END,
         (f.changes AND NOT f.had_none)::int)) e (metric, rule, sign)
     WHERE p.table_name = 'assets' AND e.sign <> 0
    UNION ALL
    SELECT 'unprocessed_raw_records', p.id, NULL, 'mark_processed',
           (p.new->>'is_processed')::boolean::int - (p.old->>'is_processed')::boolean::int
      FROM plan p
      JOIN migration.raw_import_records r ON ${OWN('r')} AND r.id = p.id
     WHERE p.table_name = 'raw_import_records' AND r.is_valid AND p.old->'is_processed' <> p.new->'is_processed'
  ), ways AS (
    SELECT e.metric, e.rule, count(*)::int AS count FROM effects e WHERE e.sign = 1 GROUP BY 1, 2
  ), first_few AS (
    SELECT n.metric, s.sample
      FROM (SELECT e.metric, e.id, e.partner, row_number() OVER (PARTITION BY e.metric ORDER BY e.id) AS number
              FROM effects e WHERE e.sign = 1) n
     CROSS JOIN LATERAL (
       SELECT jsonb_build_object(
                'table', p.table_name, 'id', p.id,
                'from', (SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(p.old) o WHERE p.new->o.key <> o.value),
                'to', (SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(p.new) o WHERE p.old->o.key <> o.value)) AS sample
         FROM plan p
        WHERE p.id IN (n.id, n.partner)
        ORDER BY p.id <> n.id LIMIT 1) s
     WHERE n.number <= ${SAMPLES}
  )`;

/** The whole plan, and what it does to each metric, with up to five rows of it. */
export async function describePlan(tx: TenantTx): Promise<PlanSummary & { effects: Effects }> {
  const [described] = await tx.rows<PlanSummary & { effects: Effects }>(
    `WITH ${PLAN}, chosen AS (SELECT * FROM plan), ${EFFECTS}
     SELECT ${SUMMARY},
            (SELECT coalesce(jsonb_object_agg(m.metric, m.effect), '{}')
               FROM (SELECT e.metric, jsonb_build_object(
                              'fixable', count(*) FILTER (WHERE e.sign = 1),
                              'opened', count(*) FILTER (WHERE e.sign = -1),
                              'how', (SELECT coalesce(jsonb_object_agg(w.rule, w.count), '{}') FROM ways w WHERE w.metric = e.metric),
                              'samples', (SELECT coalesce(jsonb_agg(s.sample), '[]') FROM first_few s WHERE s.metric = e.metric)) AS effect
                       FROM effects e GROUP BY e.metric) m) AS effects`,
  );
  if (!described) throw new Error('a statement of scalar counts answers one row');
  return described;
}
