import type { TenantTx } from '../../database/tenant-database';

export type Direction = 'apply' | 'undo';

interface Repaired {
  /** What the journal holds of a row, with its types. */
  columns: Readonly<Record<string, string>>;
  /** When the row was changed last, which an undo brings back as well. */
  times: readonly string[];
}

/** In the order in which they are written: what an asset comes to name is checked at once. */
const TABLES: Readonly<Record<string, Repaired>> = {
  discovery_flows: { columns: { master_flow_id: 'uuid' }, times: ['updated_at'] },
  assets: {
    columns: { discovery_flow_id: 'uuid', master_flow_id: 'uuid', raw_import_records_id: 'uuid' },
    times: ['updated_at'],
  },
  raw_import_records: {
    columns: {
      asset_id: 'uuid',
      data_import_id: 'uuid',
      master_flow_id: 'uuid',
      fate: 'text',
      is_processed: 'boolean',
      processing_notes: 'text',
    },
    times: ['processed_at', 'updated_at'],
  },
};

const STATES = {
  apply: { from: 'old', to: 'new', before: 'planned', after: 'applied', leftAlone: 'skipped' },
  undo: { from: 'new', to: 'old', before: 'applied', after: 'undone', leftAlone: 'kept' },
} as const;

const OF_UNITS = (journal: string) =>
  `${journal}.client_account_id = $1 AND ${journal}.engagement_id = $2 AND ${journal}.repair_id = $3
     AND ${journal}.unit BETWEEN $4 AND $5`;
const OWN_ROW = (row: string, journal: string) =>
  `${row}.client_account_id = $1 AND ${row}.engagement_id = $2 AND ${row}.id = ${journal}.row_id`;

const inJournal = (side: 'old' | 'new', { columns }: Repaired) =>
  Object.entries(columns).map(([name, type]) => `(j.${side}->>'${name}')::${type}`);

function lockRows(table: string, { before }: (typeof STATES)[Direction]): string {
  return `
    SELECT FROM migration.${table} t
      JOIN migration.link_repair_changes j ON ${OF_UNITS('j')} AND j.table_name = '${table}' AND j.state = '${before}'
     WHERE ${OWN_ROW('t', 'j')}
     ORDER BY t.id
       FOR UPDATE OF t`;
}

/** Marks the changes whose row is not any more as the journal has it. */
function leaveChangedRows(table: string, { from, before, leftAlone }: (typeof STATES)[Direction]): string {
  const repaired = required(table);
  return `
    UPDATE migration.link_repair_changes j
       SET state = '${leftAlone}'
     WHERE ${OF_UNITS('j')} AND j.table_name = '${table}' AND j.state = '${before}'
       AND NOT EXISTS (SELECT FROM migration.${table} t
                        WHERE ${OWN_ROW('t', 'j')}
                          AND (${Object.keys(repaired.columns)
                            .map((name) => `t.${name}`)
                            .join(', ')}) IS NOT DISTINCT FROM (${inJournal(from, repaired).join(', ')}))`;
}

/** One side of a pair does not change without the other. */
function leaveTheirUnits({ before, leftAlone }: (typeof STATES)[Direction]): string {
  return `
    UPDATE migration.link_repair_changes j
       SET state = '${leftAlone}'
     WHERE ${OF_UNITS('j')} AND j.state = '${before}'
       AND EXISTS (SELECT FROM migration.link_repair_changes k
                    WHERE ${OF_UNITS('k')} AND k.unit = j.unit AND k.state = '${leftAlone}')`;
}

function keepTimes(table: string): string {
  const { times } = required(table);
  return `
    UPDATE migration.link_repair_changes j
       SET old_times = jsonb_build_object(${times.map((time) => `'${time}', t.${time}`).join(', ')})
      FROM migration.${table} t
     WHERE ${OF_UNITS('j')} AND j.table_name = '${table}' AND j.state = 'planned' AND ${OWN_ROW('t', 'j')}`;
}

function writeRows(table: string, direction: Direction): string {
  const repaired = required(table);
  const { to, before } = STATES[direction];
  const values = inJournal(to, repaired);
  // What somebody has changed since, in whatever column, was changed now and not before the repair.
  const time = (name: string) =>
    direction === 'undo'
      ? `CASE WHEN t.updated_at = j.applied_at THEN (j.old_times->>'${name}')::timestamptz ELSE ${name === 'updated_at' ? '$6' : `t.${name}`} END`
      : name === 'processed_at'
        ? `CASE WHEN (j.new->>'is_processed')::boolean THEN coalesce(t.processed_at, $6) END`
        : '$6';
  const set = [
    ...Object.keys(repaired.columns).map((name, i) => `${name} = ${values[i] ?? 'NULL'}`),
    ...repaired.times.map((name) => `${name} = ${time(name)}`),
  ];
  return `
    UPDATE migration.${table} t
       SET ${set.join(', ')}
      FROM migration.link_repair_changes j
     WHERE ${OF_UNITS('j')} AND j.table_name = '${table}' AND j.state = '${before}' AND ${OWN_ROW('t', 'j')}
       AND $6::timestamptz IS NOT NULL`;
}

function required(table: string): Repaired {
  const repaired = TABLES[table];
  if (!repaired) throw new Error(`no links of ${table} are repaired`);
  return repaired;
}

export interface Units {
  repair_id: string;
  first: number;
  last: number;
  at: Date;
}

/**
 * Applies or undoes the changes of some units, each unit whole or not at all: not when one of its rows has changed since
 * the journal was written. @returns how many rows were written and how many left alone.
 */
export async function changeRows(
  tx: TenantTx,
  direction: Direction,
  { repair_id, first, last, at }: Units,
): Promise<{ written: number; leftAlone: number }> {
  const units = [repair_id, first, last];
  const states = STATES[direction];
  const tables = Object.keys(TABLES);
  for (const table of tables) await tx.execute(lockRows(table, states), units);
  let leftAlone = 0;
  for (const table of tables) leftAlone += await tx.execute(leaveChangedRows(table, states), units);
  if (leftAlone > 0) leftAlone += await tx.execute(leaveTheirUnits(states), units);
  if (direction === 'apply') for (const table of tables) await tx.execute(keepTimes(table), units);
  let written = 0;
  for (const table of tables) written += await tx.execute(writeRows(table, direction), [...units, at]);
  await tx.execute(
    `UPDATE migration.link_repair_changes j
        SET state = '${states.after}', applied_at = ${direction === 'apply' ? '$6' : 'NULL'}
      WHERE ${OF_UNITS('j')} AND j.state = '${states.before}' AND $6::timestamptz IS NOT NULL`,
    [...units, at],
  );
  return { written, leftAlone };
}
