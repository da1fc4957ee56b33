import { randomUUID } from 'node:crypto';
import { TenantDatabase } from '../../src/database/tenant-database';
import { LinkRepairs } from '../../src/link-repair/link-repairs.service';
import type { Tenant } from '../../src/tenancy/tenant';
import type { ApiClient } from '../support/api-client';
import { importAndFlow, runToEnd, serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';
import { dropWiringKeys } from '../support/wiring';

const TABLES = ['assets', 'raw_import_records', 'discovery_flows', 'crewai_flow_state_extensions'];

type Dump = Record<string, Record<string, unknown>[]>;

/** What differs, times and the legacy public id of an asset aside: the one changes, the other is read and never written. */
function unlike(dump: Dump, other: Dump): string[] {
  const text = (row: Record<string, unknown>) =>
    JSON.stringify({ ...row, updated_at: 0, processed_at: 0, ...('asset_type' in row && { flow_id: 0 }) });
  return TABLES.flatMap((table) => {
    const known = new Set(other[table]!.map(text));
    return dump[table]!.map(text).filter((row) => !known.has(row));
  });
}

describe('a repair of links', () => {
  let service: TestService;
  let repairs: LinkRepairs;
  beforeAll(async () => {
    service = await startTestService({ WIRING_HEALTH_CACHE_TTL_SECONDS: '0' });
    await dropWiringKeys(service.sql);
    repairs = new LinkRepairs(service.app.get(TenantDatabase));
  });
  afterAll(() => service.stop());

  /** All rows of the tenant that a repair may write, as they are to the last microsecond. */
  async function dump({ client_account_id, engagement_id }: Tenant): Promise<Dump> {
    const tables: Dump = {};
    for (const table of TABLES) {
      const { rows } = await service.sql.query<{ row: Record<string, unknown> }>(
        `SELECT to_jsonb(t) AS row FROM migration.${table} t WHERE client_account_id = $1 AND engagement_id = $2 ORDER BY id`,
        [client_account_id, engagement_id],
      );
      tables[table] = rows.map(({ row }) => row);
    }
    return tables;
  }

  async function filled(rows = 40): Promise<ApiClient> {
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, serversCsv(rows));
    expect((await runToEnd(client, flowId)).body).toMatchObject({ status: 'completed', created: rows });
    return client;
  }

  async function apply(tenant: Tenant, plan_hash: string, fillOnly = false): Promise<string> {
    const id = await repairs.begin(tenant, {
      run_id: randomUUID(),
      run_hash: plan_hash,
      plan_hash,
      fillOnly,
    });
    let state;
    do state = await repairs.advance(tenant, id, 'apply', 7);
    while (state.status !== 'applied');
    expect(state).toMatchObject({ applied: state.planned, skipped: 0 });
    return id;
  }

  async function undo(tenant: Tenant, id: string): Promise<void> {
    await repairs.beginUndo(tenant, id);
    let state;
    do state = await repairs.advance(tenant, id, 'undo', 7);
    while (state.status !== 'undone');
  }

  const BREAKS: [string, string][] = [
    ['asset without flow', `UPDATE migration.assets SET discovery_flow_id = NULL WHERE n`],
    [
      'asset of a flow that is gone',
      `UPDATE migration.assets SET discovery_flow_id = gen_random_uuid() WHERE n`,
    ],
    [
      'asset that names a flow by its public id',
      `UPDATE migration.assets SET discovery_flow_id = flow_id WHERE n`,
    ],
    [
      'asset without flow and public id',
      `UPDATE migration.assets SET discovery_flow_id = NULL, flow_id = CASE WHEN name LIKE '%1' THEN flow_id END WHERE n`,
    ],
    [
      'asset that knows no flow at all',
      `UPDATE migration.assets SET discovery_flow_id = NULL, flow_id = NULL, master_flow_id = NULL WHERE n`,
    ],
    ['asset without master flow', `UPDATE migration.assets SET master_flow_id = NULL WHERE n`],
    [
      'asset of a master flow that is gone',
      `UPDATE migration.assets SET master_flow_id = gen_random_uuid() WHERE n`,
    ],
    ['asset without record', `UPDATE migration.assets SET raw_import_records_id = NULL WHERE n`],
    [
      'asset of a record that is gone',
      `UPDATE migration.assets SET raw_import_records_id = gen_random_uuid() WHERE n`,
    ],
    ['record without asset', `UPDATE migration.raw_import_records SET asset_id = NULL WHERE n`],
    [
      'record of an asset that is gone',
      `UPDATE migration.raw_import_records SET asset_id = gen_random_uuid() WHERE n`,
    ],
    ['record without master flow', `UPDATE migration.raw_import_records SET master_flow_id = NULL WHERE n`],
    [
      'record of an import that is gone',
      `UPDATE migration.raw_import_records SET data_import_id = gen_random_uuid() WHERE n`,
    ],
    ['record that was not marked', `UPDATE migration.raw_import_records SET is_processed = false WHERE n`],
    ['flow without master flow', `UPDATE migration.discovery_flows SET master_flow_id = NULL WHERE n`],
    [
      'flow of a master flow that is gone',
      `UPDATE migration.discovery_flows SET master_flow_id = gen_random_uuid() WHERE n`,
    ],
  ];

  it.each(BREAKS)('mends an %s, and takes it back', async (_what, sql) => {
    const client = await filled();
    const other = await filled(3);
    const [whole, elsewhere] = [await dump(client.tenant), await dump(other.tenant)];
    expect(await repairs.plan(client.tenant, { fillOnly: false })).toEqual({
      plan_hash: null,
      rows: 0,
      by_rule: {},
      refused: {},
    });
    await service.sql.query(sql.replace(/n$/, 'client_account_id = $1'), [client.tenant.client_account_id]);
    const broken = await dump(client.tenant);
    expect(broken).not.toEqual(whole);
    const plan = await repairs.plan(client.tenant, { fillOnly: false });
    expect(plan.rows).toBeGreaterThan(0);
    const id = await apply(client.tenant, plan.plan_hash!);
    expect(unlike(await dump(client.tenant), whole)).toEqual([]);
    expect(await repairs.plan(client.tenant, { fillOnly: false })).toMatchObject({ rows: 0 });
    await undo(client.tenant, id);
    expect(await dump(client.tenant)).toEqual(broken);
    expect(await dump(other.tenant)).toEqual(elsewhere);
  });

  it('mends what can be mended of links broken at random in five tenants, and takes it back', async () => {
    const clients: ApiClient[] = [];
    for (let i = 0; i < 5; i++) clients.push(await filled(60));
    await service.sql.query('SELECT setseed(0.5)');
    const kinds = [
      ...BREAKS.map(([, sql]) => sql.replace(/n$/, 'random() < 0.1')),
      // Pointers at another row, which has one of its own.
      `UPDATE migration.assets a SET raw_import_records_id = (SELECT id FROM migration.raw_import_records r
         WHERE r.client_account_id = a.client_account_id AND r.row_number = 5) WHERE random() < 0.1`,
      `UPDATE migration.raw_import_records r SET asset_id = (SELECT id FROM migration.assets a
         WHERE r.client_account_id = a.client_account_id AND a.name = 'web-7') WHERE random() < 0.1`,
    ];
    for (const sql of kinds) await service.sql.query(sql);
    const broken: Dump[] = [];
    for (const { tenant } of clients) broken.push(await dump(tenant));
    const all = (tenant: Tenant) => repairs.plan(tenant, { fillOnly: false });
    for (const [i, client] of clients.entries()) {
      const applied: string[] = [];
      let plan = await all(client.tenant);
      // What is mended may bear out what was in doubt, so a plan may be followed by another.
      for (; plan.plan_hash !== null; plan = await all(client.tenant)) {
        applied.unshift(await apply(client.tenant, plan.plan_hash));
      }
      for (const [j, other] of clients.entries()) {
        if (j > i) expect(await dump(other.tenant)).toEqual(broken[j]);
      }
      const health = (await client.get('/health/wiring?refresh=true')).body as {
        metrics: Record<string, number>;
      };
      expect(health.metrics).toMatchObject({
        assets_with_orphan_raw_import_ref: 0,
        raw_records_with_orphan_asset_ref: 0,
        assets_with_orphan_discovery_flow_ref: 0,
      });
      const { asymmetric_links, flow_based_assets_missing_discovery_flow_id } = health.metrics;
      // What is left is named, with why.
      expect(asymmetric_links! > 0).toBe('link_has_rivals' in plan.refused);
      expect(flow_based_assets_missing_discovery_flow_id).toBe(plan.refused.no_flow_known ?? 0);
      for (const id of applied) await undo(client.tenant, id);
      expect(await dump(client.tenant)).toEqual(broken[i]);
    }
  });
});
