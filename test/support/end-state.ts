import type { Client } from 'pg';
import type { Tenant } from '../../src/tenancy/tenant';
import type { ApiClient } from './api-client';
import { countLinks } from './fault';
import { importAndFlow, runToEnd } from './inventory';

type Row = Record<string, unknown>;

/** What a tenant ended up with, without ids and times, so that two tenants can be compared. */
export interface EndState {
  /** Each raw record in file order, with the asset that it names and whether that names it too. */
  records: Row[];
  /** Assets without a raw record that names them back. */
  other_assets: Row[];
  runs: Row[];
  flows: Row[];
  imports: Row[];
}

/** Ids and what is hashed from them, times, and how a run got to its end. */
const INCIDENTAL =
  /(^|_)id$|^field_mappings_(hash|used)$|_at$|_timestamp$|^corrected_by$|^attempt$|^stalls$|^active_ms$/;

export async function readEndState(sql: Client, tenant: Tenant): Promise<EndState> {
  const list = async (table: string, order: string) => {
    const { rows } = await sql.query<{ row: Row }>(
      `SELECT to_jsonb(t) AS row FROM migration.${table} t
        WHERE t.client_account_id = $1 AND t.engagement_id = $2 ORDER BY ${order}`,
      [tenant.client_account_id, tenant.engagement_id],
    );
    return rows.map(({ row }) => row);
  };
  const imports = await list('data_imports', 't.created_at, t.id');
  const flows = await list('discovery_flows', 't.created_at, t.id');
  const records = await list('raw_import_records', 't.row_number, t.id');
  const assets = await list('assets', 't.name, t.created_at, t.id');
  // Joined here: fresh tables have no statistics, and the planner would compare each row with each.
  const importOrder = new Map(imports.map(({ id }, at) => [id, at]));
  const recordsById = new Map(records.map((record) => [record.id, record]));
  const assetsById = new Map(assets.map((asset) => [asset.id, asset]));
  const flowIds = new Set(flows.map(({ id }) => id));
  const namedBy = new Map<unknown, number>();
  for (const { raw_import_records_id: id } of assets) namedBy.set(id, (namedBy.get(id) ?? 0) + 1);
  const orderOf = (record: Row) => importOrder.get(record.data_import_id) ?? -1;

  return {
    records: records
      .sort((one, other) => orderOf(one) - orderOf(other))
      .map((record) => {
        const asset = assetsById.get(record.asset_id);
        const matched = assetsById.get(record.matched_asset_id);
        return {
          ...essence(record),
          decision: essence((record.decision as Row | null) ?? {}),
          asset: essence(asset ?? {}),
          holds_both_ways: asset?.raw_import_records_id === record.id,
          flow_exists: flowIds.has(asset?.discovery_flow_id),
          named_by: namedBy.get(record.id) ?? 0,
          matched_row: recordsById.get(matched?.raw_import_records_id)?.row_number ?? null,
        };
      }),
    other_assets: assets
      .filter(({ id, raw_import_records_id: of }) => recordsById.get(of)?.asset_id !== id)
      .map(essence),
    runs: (await list('discovery_runs', 't.created_at, t.id')).map(essence),
    flows: flows.map(essence),
    imports: imports.map(essence),
  };
}

/** Asserts it row by row, and shows the first rows that differ instead of all. */
export function expectSameEnd(actual: EndState, expected: EndState): void {
  for (const part of Object.keys(expected) as (keyof EndState)[]) {
    expect({ part, rows: actual[part].length }).toEqual({ part, rows: expected[part].length });
    const differing = actual[part].findIndex(
      (row, at) => JSON.stringify(row) !== JSON.stringify(expected[part][at]),
    );
    if (differing === -1) continue;
    const shown = [differing, differing + 3];
    expect({ part, rows: actual[part].slice(...shown) }).toEqual({
      part,
      rows: expected[part].slice(...shown),
    });
  }
}

/** A run's totals three times: as it says, as its chunks say, and as its rows are, where no other run had them. */
const LEDGERS = `
  SELECT jsonb_build_object('total', r.total_records, 'pending', r.pending, 'created', r.created, 'linked', r.linked,
                            'duplicate', r.duplicates, 'conflict', r.conflicts, 'rejected', r.rejected) AS run,
         (SELECT jsonb_build_object(
                   'total', coalesce(sum(c.records), 0),
                   'pending', coalesce(sum(c.records - c.created - c.duplicates - c.conflicts - c.rejected), 0),
                   'created', coalesce(sum(c.created), 0), 'linked', coalesce(sum(c.linked), 0),
                   'duplicate', coalesce(sum(c.duplicates), 0), 'conflict', coalesce(sum(c.conflicts), 0),
                   'rejected', coalesce(sum(c.rejected), 0))
            FROM migration.discovery_run_chunks c
           WHERE c.client_account_id = $1 AND c.engagement_id = $2 AND c.run_id = r.id) AS chunks,
         (SELECT jsonb_build_object(
                   'total', count(*), 'pending', count(*) FILTER (WHERE w.fate = 'pending'),
                   'created', count(*) FILTER (WHERE w.fate = 'created'), 'linked', count(w.asset_id),
                   'duplicate', count(*) FILTER (WHERE w.fate = 'duplicate'),
                   'conflict', count(*) FILTER (WHERE w.fate = 'conflict'),
                   'rejected', count(*) FILTER (WHERE w.fate = 'rejected'))
            FROM migration.raw_import_records w
           WHERE w.client_account_id = $1 AND w.engagement_id = $2 AND w.data_import_id = r.data_import_id
             AND w.is_valid
          HAVING NOT EXISTS (SELECT FROM migration.discovery_runs o
                              WHERE o.client_account_id = $1 AND o.engagement_id = $2
                                AND o.data_import_id = r.data_import_id AND o.id <> r.id)) AS rows
    FROM migration.discovery_runs r
   WHERE r.client_account_id = $1 AND r.engagement_id = $2`;

/** Assets that were made, as they are and as the audit has them; and runs whose end it does not have as it was. */
const AUDITED = `
  WITH events AS (
    SELECT e.target_id, e.action, e.counts FROM migration.audit_events e
     WHERE e.client_account_id = $1 AND e.engagement_id = $2
  ), runs AS (
    SELECT r.id, r.status, r.created, r.pending FROM migration.discovery_runs r
     WHERE r.client_account_id = $1 AND r.engagement_id = $2
  )
  SELECT (SELECT count(*)::int FROM migration.assets a WHERE a.client_account_id = $1 AND a.engagement_id = $2) AS there,
         (SELECT coalesce(sum((e.counts->>'created')::int), 0)::int FROM events e WHERE e.action = 'assets.persisted')
         + (SELECT coalesce(sum(r.created), 0)::int FROM runs r) AS audited,
         (SELECT count(*)::int FROM runs r
           WHERE (SELECT count(*) FROM events e WHERE e.target_id = r.id AND e.action = 'run.started') <> 1
              OR (r.status IN ('completed', 'completed_with_errors', 'failed', 'cancelled')
                  AND NOT EXISTS (SELECT FROM events e
                                   WHERE e.target_id = r.id AND e.action IN ('run.ended', 'run.cancelled')
                                     AND e.counts->>'created' = r.created::text
                                     AND e.counts->>'pending' = r.pending::text))) AS runs_amiss`;

/** Asserts that the audit has each asset that was made, and each run's start and end, wherever a process died. */
export async function expectAudited(
  sql: Client,
  { client_account_id, engagement_id }: Tenant,
): Promise<void> {
  const { rows } = await sql.query<Record<'there' | 'audited' | 'runs_amiss', number>>(AUDITED, [
    client_account_id,
    engagement_id,
  ]);
  expect(rows).toEqual([{ there: rows[0]!.there, audited: rows[0]!.there, runs_amiss: 0 }]);
}

/** Asserts that no link is half, no asset doubled, that ledgers add up with the rows and the audit, and that a scan finds it healthy. */
export async function expectSound(sql: Client, client: ApiClient): Promise<void> {
  const { pairs, pointing_assets, pointing_records } = await countLinks(sql, client.tenant.client_account_id);
  expect({ pointing_assets, pointing_records }).toEqual({ pointing_assets: pairs, pointing_records: pairs });
  const { rows: ledgers } = await sql.query<Record<'run' | 'chunks' | 'rows', object | null>>(LEDGERS, [
    client.tenant.client_account_id,
    client.tenant.engagement_id,
  ]);
  for (const { run, chunks, rows } of ledgers) {
    expect({ chunks, rows: rows ?? run }).toEqual({ chunks: run, rows: run });
  }
  await expectAudited(sql, client.tenant);
  const health = await client.get('/health/wiring?verify=scan&refresh=true');
  expect(health.body).toMatchObject({ health_status: 'healthy' });
}

/** Asserts that a tenant ended up as another one does, in the same service, whose run nothing disturbs. */
export async function expectUndisturbed(
  sql: Client,
  client: ApiClient,
  other: ApiClient,
  { csv, options = {} }: { csv: string; options?: object },
): Promise<void> {
  const { flowId } = await importAndFlow(other, csv);
  await runToEnd(other, flowId, options);
  expectSameEnd(await readEndState(sql, client.tenant), await readEndState(sql, other.tenant));
  await expectSound(sql, client);
}

/** Of every row that a tenant has, ids and times included: equal before and after, where nobody touched it. */
export async function fingerprint(sql: Client, tenant: Tenant): Promise<string> {
  const { rows: tables } = await sql.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns
      WHERE table_schema = 'migration' AND column_name = 'client_account_id' ORDER BY 1`,
  );
  const sums: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql.query<{ sum: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') AS sum
         FROM migration.${name} t WHERE t.client_account_id = $1 AND t.engagement_id = $2`,
      [tenant.client_account_id, tenant.engagement_id],
    );
    sums.push(`${name} ${rows[0]!.sum}`);
  }
  return sums.join('\n');
}

function essence(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !INCIDENTAL.test(name)));
}
