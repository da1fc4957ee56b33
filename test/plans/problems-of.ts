import type { PlanNode } from './plan-node';

/** Of a tenant with 200,000 assets: what a page, a chunk or a look-up reads is far below. */
const MANY_ROWS = 5_000;
/** Planned without values, a statement is for a tenant of average size, which has a fraction of that. */
const MANY_ESTIMATED = 2_500;

/** What makes a plan slow with the size of its tenant, in words without figures, so that they can be listed. */
export function problemsOf(root: PlanNode, largeTables: ReadonlySet<string>): string[] {
  const problems = new Set<string>();
  for (const node of nodesOf(root)) {
    const type = node['Node Type'];
    const table = node['Relation Name'];
    if (type === 'Seq Scan' && largeTables.has(table!)) problems.add(`seq scan of ${table}`);
    if (table !== undefined && rowsRead(node) >= MANY_ROWS) problems.add(`reads many rows of ${table}`);
    const what = type === 'Incremental Sort' ? 'Sort' : node.Strategy === 'Hashed' ? 'Hash' : type;
    if (what !== 'Sort' && what !== 'Hash') continue;
    const [input] = node.Plans ?? [];
    if (input === undefined) continue;
    // What comes in order but for equals is sorted only as far as somebody reads.
    const planned = type === 'Incremental Sort' ? 0 : input['Plan Rows'];
    if (planned >= MANY_ESTIMATED || rowsRead(input) >= MANY_ROWS)
      problems.add(`${what.toLowerCase()} of many rows`);
  }
  return [...problems].sort();
}

function rowsRead(node: PlanNode): number {
  const each =
    (node['Actual Rows'] ?? 0) +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  return each * (node['Actual Loops'] ?? 0);
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
