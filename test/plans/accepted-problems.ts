interface Accepted {
  why: string;
  files: readonly string[];
  problems: readonly string[];
}

const readsMany = (...tables: string[]) => tables.map((table) => `reads many rows of ${table}`);
const HASHES = 'hash of many rows';
const SORTS = 'sort of many rows';
const SCANS = ['seq scan of assets', 'seq scan of raw_import_records'];

/** What the plans of these statements have, and why they must. */
export const ACCEPTED_PROBLEMS: readonly Accepted[] = [
  {
    why: 'A scanning health check compares every link; it is planned for its tenant, which may be most of the table.',
    files: ['src/wiring-health/queries/count-broken-links.ts'],
    problems: [...readsMany('assets', 'raw_import_records'), HASHES, 'seq scan of raw_import_records'],
  },
  {
    why: 'The same, looking for five broken rows of each kind: where there are fewer it has read all.',
    files: ['src/wiring-health/queries/sample-broken-rows.ts'],
    problems: [...readsMany('assets', 'raw_import_records'), HASHES, 'seq scan of raw_import_records'],
  },
  {
    why: 'A repair is planned after the same comparison. Nested loops are off, since the planner takes the broken links for few.',
    files: ['src/wiring-health/queries/count-orphan-flow-refs.ts'],
    problems: readsMany('assets'),
  },
  {
    why: 'What is broken and what would mend it is found by going through all links, once for each rule.',
    files: ['src/link-repair/queries/describe-plan.ts', 'src/link-repair/queries/summarise-plan.ts'],
    problems: [...readsMany('assets', 'raw_import_records'), HASHES, SORTS, ...SCANS],
  },
  {
    why: 'The same; its rows are there already, so that it is not carried out a second time.',
    files: ['src/link-repair/queries/insert-changes.ts'],
    problems: [HASHES, SORTS, ...SCANS],
  },
  {
    why: 'Asks of a whole journal, once before its repair is undone.',
    files: ['src/link-repair/queries/find-forbidding-keys.ts'],
    problems: readsMany('link_repair_changes'),
  },
  {
    why: 'An exact total is a count, in an index; asked for again only after a write.',
    files: ['src/assets/queries/count-assets.ts'],
    problems: readsMany('assets'),
  },
  {
    why: 'The total of a page of raw records is a count as well, made for each page.',
    files: ['src/raw-imports/queries/list-raw-records.ts'],
    problems: readsMany('raw_import_records'),
  },
  {
    why: 'The total of a page of audit events is a count too.',
    files: ['src/audit/queries/list-audit-events.ts'],
    problems: readsMany('audit_events'),
  },
  {
    why: 'So is the total of the hours of health; a tenant has 8,766 of them a year.',
    files: ['src/wiring-health/queries/list-health-history.ts'],
    problems: readsMany('wiring_health_history'),
  },
  {
    why: 'The rejects of an import are found and counted by going through the import.',
    files: ['src/raw-imports/queries/list-rejects.ts'],
    problems: readsMany('raw_import_records'),
  },
  {
    why: 'A trial run goes through the import in pages, past the rows that have a fate already.',
    files: ['src/discovery-flows/queries/list-pending-rows.ts'],
    problems: readsMany('raw_import_records'),
  },
  {
    why: 'The failed chunks of a run are found among all of its chunks.',
    files: ['src/discovery-flows/queries/requeue-run.ts'],
    problems: readsMany('discovery_run_chunks'),
  },
];
