import type { TenantTx } from '../../database/tenant-database';
import type { REFUSALS, REPAIR_RULES } from '../repair-words';
import { PLAN } from './plan-sql';

export interface PlanSummary {
  /** SHA-256 over every change of the plan; null where there is nothing to change. */
  plan_hash: string | null;
  /** Rows that change. */
  rows: number;
  /** Rows by what is done to them; a row can be in several. */
  by_rule: Partial<Record<keyof typeof REPAIR_RULES, number>>;
  /** What is left as it is, since more than one answer fits or none is known, by why, with the first ones. */
  refused: Partial<Record<keyof typeof REFUSALS, { count: number; samples: RefusedRow[] }>>;
}

interface RefusedRow {
  table: string;
  id: string;
}

const SAMPLES = 20;

/** The hash of changes, of a plan or of a journal: of one hash for each of 4096 groups, so that no text grows without end. */
export const HASH_OF = (changes: string) => `
  SELECT encode(sha256(convert_to(string_agg(g.hash, '' ORDER BY g.part), 'UTF8')), 'hex')
    FROM (SELECT right(c.id::text, 3) AS part,
                 encode(sha256(convert_to(string_agg(c.table_name || c.id || c.old || c.new, ',' ORDER BY c.table_name, c.id), 'UTF8')), 'hex') AS hash
            FROM ${changes} c GROUP BY 1) g`;

/** The columns of a summary, of the plan's rows in `chosen`. */
export const SUMMARY = `
  (${HASH_OF('chosen')}) AS plan_hash,
  (SELECT count(*)::int FROM chosen) AS rows,
  (SELECT coalesce(jsonb_object_agg(n.rule, n.count), '{}')
     FROM (SELECT u.rule, count(*)::int FROM chosen, unnest(rules) AS u (rule) GROUP BY 1) n) AS by_rule,
  (SELECT coalesce(jsonb_object_agg(n.reason, jsonb_build_object('count', n.count, 'samples', to_jsonb(n.rows[1:${SAMPLES}]))), '{}')
     FROM (SELECT f.reason, count(*)::int, array_agg(jsonb_build_object('table', f.table_name, 'id', f.id) ORDER BY f.id) AS rows
             FROM (SELECT DISTINCT 'link_has_rivals' AS reason, 'raw_import_records' AS table_name, o.record_id AS id FROM open_claims o
                   UNION ALL
                   SELECT DISTINCT 'pointer_contradicts', 'raw_import_records', d.record_id FROM doubtful_claims d
                   UNION ALL
                   SELECT CASE WHEN f.is_ambiguous THEN 'several_flows_fit' ELSE 'no_flow_known' END, 'assets', f.id
                     FROM flow_of_asset f WHERE f.new_flow IS NULL
                   UNION ALL
                   SELECT DISTINCT 'several_records_alike', 'assets', a.asset_id FROM alike a WHERE NOT a.is_alone) f
            GROUP BY f.reason) n) AS refused`;

/** @param fillOnly leave out what takes a link away or replaces one. */
export async function summarisePlan(tx: TenantTx, { fillOnly }: { fillOnly: boolean }): Promise<PlanSummary> {
  const [summary] = await tx.rows<PlanSummary>(
    `WITH ${PLAN}, chosen AS (SELECT * FROM plan WHERE NOT (overwrites AND $3)) SELECT ${SUMMARY}`,
    [fillOnly],
  );
  if (!summary) throw new Error('a statement of scalar counts answers one row');
  return summary;
}
