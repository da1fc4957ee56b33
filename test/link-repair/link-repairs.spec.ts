import { randomUUID } from 'node:crypto';
import { TenantDatabase } from '../../src/database/tenant-database';
import { LinkRepairs } from '../../src/link-repair/link-repairs.service';
import type { Tenant } from '../../src/tenancy/tenant';
import type { ApiClient } from '../support/api-client';
import { breakLinksAtRandom, LINK_BREAKS } from '../support/broken-links';
import { importAndFlow, runToEnd, serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';
import { dumpLinks, type LinkDump, unlike } from '../support/link-dump';
import { dropWiringKeys } from '../support/wiring';

describe('a repair of links', () => {
  let service: TestService;
  let repairs: LinkRepairs;
  beforeAll(async () => {
    service = await startTestService({ WIRING_HEALTH_CACHE_TTL_SECONDS: '0' });
    await dropWiringKeys(service.sql);
    repairs = new LinkRepairs(service.app.get(TenantDatabase));
  });
  afterAll(() => service.stop());

  const dump = (tenant: Tenant) => dumpLinks(service.sql, tenant);

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

  it.each(LINK_BREAKS)('mends an %s, and takes it back', async (_what, sql) => {
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

  it('makes no record the source of an asset that was decided to make none', async () => {
    const client = await filled();
    const { flowId } = await importAndFlow(client, serversCsv(3));
    expect((await runToEnd(client, flowId)).body).toMatchObject({ created: 0, duplicates: 3 });
    const whole = await dump(client.tenant);
    // An asset names the record of its duplicate; its own still names it.
    await service.sql.query(
      `UPDATE migration.assets a SET raw_import_records_id = r.id FROM migration.raw_import_records r
        WHERE a.client_account_id = $1 AND r.client_account_id = $1 AND r.fate = 'duplicate' AND r.matched_asset_id = a.id`,
      [client.tenant.client_account_id],
    );
    const plan = await repairs.plan(client.tenant, { fillOnly: false });
    expect(plan).toMatchObject({ rows: 3, by_rule: { link_by_pointer: 3 }, refused: {} });
    await apply(client.tenant, plan.plan_hash!);
    expect(unlike(await dump(client.tenant), whole)).toEqual([]);
  });

  it('mends what can be mended of links broken at random in five tenants, and takes it back', async () => {
    const clients: ApiClient[] = [];
    for (let i = 0; i < 5; i++) clients.push(await filled(60));
    await breakLinksAtRandom(service.sql, 0.1);
    const broken: LinkDump[] = [];
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
      expect(flow_based_assets_missing_discovery_flow_id).toBe(plan.refused.no_flow_known?.count ?? 0);
      for (const id of applied) await undo(client.tenant, id);
      expect(await dump(client.tenant)).toEqual(broken[i]);
    }
  });
});
