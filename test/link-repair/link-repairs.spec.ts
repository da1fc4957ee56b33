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

  describe('where the rows speak against a pointer', () => {
    const point = (client: ApiClient, name: string, to: string) =>
      service.sql.query(
        `UPDATE migration.assets a SET raw_import_records_id = r.id FROM migration.raw_import_records r
          WHERE a.client_account_id = $1 AND r.client_account_id = $1 AND a.name = $2
            AND (r.raw_data->>'Hostname') = $3`,
        [client.tenant.client_account_id, name, to],
      );
    const unlink = (client: ApiClient, names: string[]) =>
      service.sql.query(
        `UPDATE migration.raw_import_records SET asset_id = NULL WHERE client_account_id = $1 AND raw_data->>'Hostname' = ANY ($2)`,
        [client.tenant.client_account_id, names],
      );

    it('goes by the natural keys: a lone pointer at the record of another makes no pair', async () => {
      const client = await filled();
      const whole = await dump(client.tenant);
      await unlink(client, ['web-1', 'web-2']);
      await point(client, 'web-1', 'web-2');
      await service.sql.query(
        `UPDATE migration.assets SET raw_import_records_id = NULL WHERE client_account_id = $1 AND name = 'web-2'`,
        [client.tenant.client_account_id],
      );
      const plan = await repairs.plan(client.tenant, { fillOnly: false });
      expect(plan).toMatchObject({ by_rule: { link_by_natural_key: 4 }, refused: {} });
      await apply(client.tenant, plan.plan_hash!);
      expect(unlike(await dump(client.tenant), whole)).toEqual([]);
    });

    it('leaves alone, and names, what nothing else settles', async () => {
      const client = await filled();
      await unlink(client, ['web-2']);
      await service.sql.query(
        `DELETE FROM migration.assets WHERE client_account_id = $1 AND name = 'web-2'`,
        [client.tenant.client_account_id],
      );
      await unlink(client, ['web-1']);
      await service.sql.query(
        `DELETE FROM migration.raw_import_records WHERE client_account_id = $1 AND raw_data->>'Hostname' = 'web-1'`,
        [client.tenant.client_account_id],
      );
      await point(client, 'web-1', 'web-2');
      expect(await repairs.plan(client.tenant, { fillOnly: false })).toMatchObject({
        plan_hash: null,
        refused: { pointer_contradicts: { count: 1 } },
      });
    });

    it('takes no pending record of another import away from its run', async () => {
      const client = await filled();
      const whole = await dump(client.tenant);
      const { flowId } = await importAndFlow(client, serversCsv(2, { prefix: 'db' }));
      await unlink(client, ['web-1']);
      await point(client, 'web-1', 'db-1');
      const plan = await repairs.plan(client.tenant, { fillOnly: false });
      expect(plan).toMatchObject({ by_rule: { link_by_natural_key: 2 }, refused: {} });
      await apply(client.tenant, plan.plan_hash!);
      expect(unlike(whole, await dump(client.tenant))).toEqual([]);
      expect((await runToEnd(client, flowId)).body).toMatchObject({ total_records: 2, created: 2 });
    });
  });

  it('gives an import no second record of a row, and mends the rest', async () => {
    const client = await filled(3);
    const second = await importAndFlow(client, serversCsv(3, { prefix: 'db' }));
    await runToEnd(client, second.flowId);
    const id = [client.tenant.client_account_id];
    await service.sql.query(
      `UPDATE migration.assets SET discovery_flow_id = (SELECT discovery_flow_id FROM migration.assets WHERE client_account_id = $1 AND name = 'web-1')
        WHERE client_account_id = $1 AND name = 'db-1'`,
      id,
    );
    await service.sql.query(
      `UPDATE migration.raw_import_records SET data_import_id = gen_random_uuid() WHERE client_account_id = $1 AND cleansed_data->>'name' = 'db-1'`,
      id,
    );
    await service.sql.query(
      `UPDATE migration.assets SET master_flow_id = NULL WHERE client_account_id = $1 AND name = 'web-3'`,
      id,
    );
    const plan = await repairs.plan(client.tenant, { fillOnly: false });
    expect(plan.by_rule).toEqual({ clear_data_import_id: 1, derive_master_flow_id: 1 });
    await apply(client.tenant, plan.plan_hash!);
  });

  it('takes back the links alone of a row that was changed since', async () => {
    const client = await filled(3);
    const id = [client.tenant.client_account_id];
    await service.sql.query(
      'UPDATE migration.assets SET discovery_flow_id = NULL WHERE client_account_id = $1',
      id,
    );
    const { plan_hash } = await repairs.plan(client.tenant, { fillOnly: false });
    const repair = await apply(client.tenant, plan_hash!);
    await service.sql.query(
      `UPDATE migration.assets SET environment = 'changed', updated_at = now() WHERE client_account_id = $1 AND name = 'web-1'`,
      id,
    );
    const before = new Date();
    await undo(client.tenant, repair);
    const { rows } = await service.sql.query<{
      updated_at: Date;
      discovery_flow_id: null;
      environment: string;
    }>(
      `SELECT updated_at, discovery_flow_id, environment FROM migration.assets WHERE client_account_id = $1 AND name = 'web-1'`,
      id,
    );
    expect(rows[0]).toMatchObject({ discovery_flow_id: null, environment: 'changed' });
    expect(rows[0]!.updated_at.getTime()).toBeGreaterThanOrEqual(before.getTime() - 1);
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
