import type { TenantTx } from '../../database/tenant-database';

const OWN = (alias: string) => `${alias}.client_account_id = $1 AND ${alias}.engagement_id = $2`;
const CHANGE = (alias: string, table: string) =>
  `${OWN(alias)} AND ${alias}.repair_id = $3 AND ${alias}.table_name = '${table}' AND ${alias}.state = 'applied'`;

/** Whether a row would again name one that does not exist: by a key on one column. */
function namesNothing(table: string, column: string, [referenced, id]: [string, string]): string {
  return `EXISTS (
    SELECT FROM migration.link_repair_changes j
     WHERE ${CHANGE('j', table)} AND j.old->'${column}' <> 'null'
       AND NOT EXISTS (SELECT FROM migration.${referenced} t
                        WHERE ${OWN('t')} AND t.${id} = (j.old->>'${column}')::uuid))`;
}

interface Side {
  table: string;
  pointer: string;
}

/**
 * Whether a row of one side would again name one of the other that does not name it back: one that is put back, or one
 * whose partner is.
 */
function breaksPair(from: Side, to: Side): string {
  return `EXISTS (
    SELECT FROM (
      SELECT j.row_id AS id, (j.old->>'${from.pointer}')::uuid AS target
        FROM migration.link_repair_changes j
       WHERE ${CHANGE('j', from.table)}
      UNION ALL
      SELECT s.id, s.${from.pointer}
        FROM migration.link_repair_changes k
        JOIN migration.${from.table} s ON ${OWN('s')} AND s.${from.pointer} = k.row_id
       WHERE ${CHANGE('k', to.table)}
         AND NOT EXISTS (SELECT FROM migration.link_repair_changes j WHERE ${CHANGE('j', from.table)} AND j.row_id = s.id)
    ) was
     WHERE was.target IS NOT NULL
       AND NOT EXISTS (
         SELECT FROM migration.${to.table} t
           LEFT JOIN migration.link_repair_changes j ON ${CHANGE('j', to.table)} AND j.row_id = t.id
          WHERE ${OWN('t')} AND t.id = was.target
            AND CASE WHEN j.row_id IS NULL THEN t.${to.pointer} ELSE (j.old->>'${to.pointer}')::uuid END = was.id))`;
}

const ASSETS: Side = { table: 'assets', pointer: 'raw_import_records_id' };
const RECORDS: Side = { table: 'raw_import_records', pointer: 'asset_id' };
const MASTER: [string, string] = ['crewai_flow_state_extensions', 'flow_id'];

/** By the key that forbids it. */
const VIOLATIONS: Readonly<Record<string, string>> = {
  fk_assets_discovery_flow: namesNothing('assets', 'discovery_flow_id', ['discovery_flows', 'id']),
  fk_assets_raw_import_record: breaksPair(ASSETS, RECORDS),
  fk_raw_import_records_asset: breaksPair(RECORDS, ASSETS),
  fk_assets_master_flow: namesNothing('assets', 'master_flow_id', MASTER),
  fk_discovery_flows_master_flow: namesNothing('discovery_flows', 'master_flow_id', MASTER),
  fk_raw_import_records_data_import: namesNothing('raw_import_records', 'data_import_id', [
    'data_imports',
    'id',
  ]),
};

/** Keys that are there, validated or not, and forbid the state that undoing a repair would bring back. */
export async function findForbiddingKeys(tx: TenantTx, repair_id: string): Promise<string[]> {
  // Of the whole journal and the rows that it tells of: each is read once and hashed, not looked up one by one.
  await tx.control('SET LOCAL enable_nestloop = off');
  const [violated] = await tx.rows<Record<string, boolean>>(
    `SELECT ${Object.entries(VIOLATIONS)
      .map(([key, sql]) => `${sql} AS ${key}`)
      .join(',\n')}`,
    [repair_id],
  );
  const present = await tx.control<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint WHERE connamespace = to_regnamespace('migration') AND conname = ANY ($1)`,
    [Object.keys(VIOLATIONS)],
  );
  return present.map(({ name }) => name).filter((name) => violated?.[name] === true);
}
