/** A foreign key that holds the wiring together. Tables lie in the schema `migration`. */
export interface WiringKey {
  name: string;
  table: string;
  references: string;
  /** What follows `ADD CONSTRAINT name`, without NOT VALID. */
  definition: string;
  /** Counts the rows that violate the key, as `violations`, whether or not the key exists. */
  violationsSql: string;
}

interface Columns {
  table: string;
  columns: readonly string[];
  references: string;
  referenced: readonly string[];
  deferred?: boolean;
}

/** In every key, first and on both sides: a link across tenants or engagements is impossible. */
const TENANT = ['client_account_id', 'engagement_id'];

function wiringKey(name: string, { table, columns, references, referenced, deferred }: Columns): WiringKey {
  const from = [...TENANT, ...columns];
  const to = [...TENANT, ...referenced];
  // MATCH SIMPLE: a key with any NULL column is satisfied, even where the other columns match nothing.
  const claimed = columns.map((column) => `child.${column} IS NOT NULL`).join(' AND ');
  const met = to.map((column, i) => `parent.${column} = child.${from[i] ?? ''}`).join(' AND ');
  return {
    name,
    table,
    references,
    definition:
      `FOREIGN KEY (${from.join(', ')}) REFERENCES migration.${references} (${to.join(', ')})` +
      (deferred ? ' DEFERRABLE INITIALLY DEFERRED' : ''),
    violationsSql:
      `SELECT count(*)::int AS violations FROM migration.${table} AS child WHERE ${claimed}` +
      ` AND NOT EXISTS (SELECT FROM migration.${references} AS parent WHERE ${met})`,
  };
}

/**
 * In the order in which they are added. The raw-asset pair is symmetric: each side repeats both ids, so a link that
 * holds in one direction only violates a key. Each side names a row that the same transaction has yet to write,
 * hence deferred.
 */
export const WIRING_KEYS: readonly WiringKey[] = [
  wiringKey('fk_assets_discovery_flow', {
    table: 'assets',
    columns: ['discovery_flow_id'],
    references: 'discovery_flows',
    referenced: ['id'],
  }),
  wiringKey('fk_assets_raw_import_record', {
    table: 'assets',
    columns: ['raw_import_records_id', 'id'],
    references: 'raw_import_records',
    referenced: ['id', 'asset_id'],
    deferred: true,
  }),
  wiringKey('fk_raw_import_records_asset', {
    table: 'raw_import_records',
    columns: ['asset_id', 'id'],
    references: 'assets',
    referenced: ['id', 'raw_import_records_id'],
    deferred: true,
  }),
  wiringKey('fk_assets_master_flow', {
    table: 'assets',
    columns: ['master_flow_id'],
    references: 'crewai_flow_state_extensions',
    referenced: ['flow_id'],
  }),
  wiringKey('fk_discovery_flows_master_flow', {
    table: 'discovery_flows',
    columns: ['master_flow_id'],
    references: 'crewai_flow_state_extensions',
    referenced: ['flow_id'],
  }),
  wiringKey('fk_raw_import_records_data_import', {
    table: 'raw_import_records',
    columns: ['data_import_id'],
    references: 'data_imports',
    referenced: ['id'],
  }),
];
