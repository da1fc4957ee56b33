import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { ApiClient } from '../../test/support/api-client';
import { importAndFlow, runToEnd, serversCsv } from '../../test/support/inventory';
import { startTestService, type TestService } from '../../test/support/test-service';
import type { Tenant } from '../tenancy/tenant';
import { INGEST_ROLE, SERVICE_ROLE } from './roles';
import { TenantDatabase } from './tenant-database';

describe('the walls between tenants in the database', () => {
  let service: TestService;
  let a: ApiClient;
  /** Another engagement of the same client. */
  let b: ApiClient;
  beforeAll(async () => {
    service = await startTestService();
    a = service.newClient();
    b = new ApiClient(service.origin, { ...a.tenant, engagement_id: randomUUID() });
    for (const client of [a, b]) {
      await runToEnd(client, (await importAndFlow(client, serversCsv(5))).flowId);
    }
  });
  afterAll(() => service.stop());

  const rows = async <Row>(sql: string) => (await service.sql.query(sql)).rows as Row[];
  const tenantTables = () =>
    rows<{ name: string; oid: number }>(`
      SELECT c.relname::text AS name, c.oid
        FROM pg_class c
       WHERE c.relnamespace = 'migration'::regnamespace AND c.relkind IN ('r', 'p')
         AND EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'client_account_id')
       ORDER BY 1`);

  /** What the role sees and may do, in a transaction that is rolled back. */
  async function as<Result>(
    role: string,
    tenant: Tenant | null,
    work: (query: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>) => Promise<Result>,
  ): Promise<Result> {
    const client = new Client({ connectionString: service.databaseUrl, options: `-c role=${role}` });
    await client.connect();
    try {
      await client.query('BEGIN');
      if (tenant) {
        await client.query(`SET LOCAL app.client_account_id = '${tenant.client_account_id}'`);
        await client.query(`SET LOCAL app.engagement_id = '${tenant.engagement_id}'`);
      }
      return await work(
        async (sql, values) => (await client.query<Record<string, unknown>>(sql, values)).rows,
      );
    } finally {
      await client.end();
    }
  }

  it('stand around every table that has tenants', async () => {
    const tables = await tenantTables();
    expect(tables.length).toBeGreaterThanOrEqual(10);
    const [open] = await rows<{ names: string[] }>(`
      SELECT ARRAY(SELECT c.relname::text FROM pg_class c
                    WHERE c.oid IN (${tables.map(({ oid }) => oid).join()})
                      AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                               AND 1 = (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid))) AS names`);
    expect(open?.names).toEqual([]);
    // A materialised view or a view with its owner's rights would be a hole.
    expect(
      await rows(
        `SELECT relname FROM pg_class WHERE relnamespace = 'migration'::regnamespace AND relkind IN ('v', 'm')`,
      ),
    ).toEqual([]);
  });

  it('show a transaction that has named no tenant nothing at all, and refuse what it writes', async () => {
    for (const { name } of await tenantTables()) {
      const seen = await as(SERVICE_ROLE, null, (query) => query(`SELECT FROM migration.${name} LIMIT 1`));
      expect({ name, seen: seen.length }).toEqual({ name, seen: 0 });
    }
    const insert = as(SERVICE_ROLE, null, (query) =>
      query(
        `INSERT INTO migration.data_imports (client_account_id, engagement_id, id, filename) VALUES ($1, $2, $3, 'x')`,
        [a.tenant.client_account_id, a.tenant.engagement_id, randomUUID()],
      ),
    );
    await expect(insert).rejects.toMatchObject({ code: '42501' });
  });

  it('show each engagement its own rows, though the statement asks for all', async () => {
    for (const client of [a, b]) {
      const seen = await as(SERVICE_ROLE, client.tenant, (query) =>
        query(
          `SELECT DISTINCT client_account_id, engagement_id, count(*)::int FROM migration.assets GROUP BY 1, 2`,
        ),
      );
      expect(seen).toEqual([{ ...client.tenant, count: 5 }]);
      const counted = await as(SERVICE_ROLE, client.tenant, (query) =>
        query(`SELECT count(*)::int FROM migration.raw_import_records`),
      );
      expect(counted).toEqual([{ count: 5 }]);
    }
  });

  it('let no row be written for, changed into or taken from another engagement', async () => {
    const write = as(SERVICE_ROLE, a.tenant, (query) =>
      query(
        `INSERT INTO migration.data_imports (client_account_id, engagement_id, id, filename) VALUES ($1, $2, $3, 'x')`,
        [b.tenant.client_account_id, b.tenant.engagement_id, randomUUID()],
      ),
    );
    await expect(write).rejects.toMatchObject({ code: '42501' });
    const move = as(SERVICE_ROLE, a.tenant, (query) =>
      query('UPDATE migration.assets SET engagement_id = $1', [b.tenant.engagement_id]),
    );
    await expect(move).rejects.toMatchObject({ code: '42501' });
    const take = await as(SERVICE_ROLE, a.tenant, (query) =>
      query('UPDATE migration.assets SET name = name WHERE engagement_id = $1 RETURNING id', [
        b.tenant.engagement_id,
      ]),
    );
    expect(take).toEqual([]);
  });

  it('hold in the functions that stand in for the service', async () => {
    const keys = ['web-1', 'web-2'];
    const ask = (asking: Tenant | null, about: Tenant) =>
      as(SERVICE_ROLE, asking, (query) =>
        query('SELECT value FROM migration.find_assets_by_hostname($1, $2, $3)', [
          about.client_account_id,
          about.engagement_id,
          keys,
        ]),
      );
    expect(await ask(a.tenant, a.tenant)).toHaveLength(2);
    expect(await ask(a.tenant, b.tenant)).toEqual([]);
    expect(await ask(null, a.tenant)).toEqual([]);
    const functions = await rows<{ name: string; public: boolean; path: string[] | null }>(`
      SELECT p.proname AS name, has_function_privilege('public', p.oid, 'EXECUTE') AS public, p.proconfig AS path
        FROM pg_proc p WHERE p.pronamespace = 'migration'::regnamespace AND p.prosecdef`);
    expect(functions.length).toBeGreaterThan(0);
    for (const definer of functions) {
      expect(definer).toEqual({
        name: definer.name,
        public: false,
        path: ['search_path=pg_catalog, pg_temp'],
      });
    }
  });

  it('are not the service’s to take down: it owns nothing and can do no more than its work', async () => {
    const [role] = await rows(
      `SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole FROM pg_roles WHERE rolname = '${SERVICE_ROLE}'`,
    );
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcanlogin: false, rolcreaterole: false });
    expect(await rows(`SELECT relname FROM pg_class WHERE relowner = '${SERVICE_ROLE}'::regrole`)).toEqual(
      [],
    );
    for (const sql of [
      'ALTER TABLE migration.assets DISABLE ROW LEVEL SECURITY',
      'DROP POLICY tenant_wall ON migration.assets',
      'DELETE FROM migration.assets',
      'TRUNCATE migration.assets',
      'CREATE TABLE migration.mine ()',
    ]) {
      await expect(as(SERVICE_ROLE, a.tenant, (query) => query(sql))).rejects.toMatchObject({
        code: '42501',
      });
    }
  });

  it('let the role that brings raw records in do nothing else', async () => {
    const grants = await rows(`
      SELECT table_schema || '.' || table_name AS on, privilege_type AS may
        FROM information_schema.role_table_grants WHERE grantee = '${INGEST_ROLE}'`);
    expect(grants).toEqual([{ on: 'migration.raw_import_records', may: 'INSERT' }]);
    for (const sql of [
      'SELECT id FROM migration.raw_import_records',
      'SELECT FROM migration.assets',
      'UPDATE migration.raw_import_records SET is_valid = false',
      'DELETE FROM migration.raw_import_records',
    ]) {
      await expect(as(INGEST_ROLE, a.tenant, (query) => query(sql))).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('do not outlast their transaction on a connection of the pool', async () => {
    const database = service.app.get(TenantDatabase);
    const settings = `SELECT current_setting('app.client_account_id', true) AS client,
      current_setting('app.engagement_id', true) AS engagement, current_user AS role`;
    for (const { tenant } of [a, b, a]) {
      expect(await database.snapshot(tenant, (tx) => tx.control(settings))).toEqual([
        { client: tenant.client_account_id, engagement: tenant.engagement_id, role: SERVICE_ROLE },
      ]);
    }
    const { dataSource } = database as unknown as { dataSource: { query(sql: string): Promise<unknown> } };
    expect(await dataSource.query(settings)).toEqual([{ client: '', engagement: '', role: SERVICE_ROLE }]);
  });

  it('take no tenant that is none', async () => {
    const odd = { client_account_id: `x'; RESET ROLE; --`, engagement_id: randomUUID() };
    await expect(
      service.app.get(TenantDatabase).snapshot(odd, (tx) => tx.control('SELECT FROM migration.assets')),
    ).rejects.toMatchObject({ code: '22P02' });
  });

  it('are part of every foreign key, so that no link crosses a client or an engagement', async () => {
    const keys = await rows<{ name: string; from: string[]; to: string[] }>(`
      SELECT c.conname::text AS name,
             ARRAY(SELECT t.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (n, i)
                     JOIN pg_attribute t ON t.attrelid = c.conrelid AND t.attnum = k.n ORDER BY k.i) AS "from",
             ARRAY(SELECT t.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (n, i)
                     JOIN pg_attribute t ON t.attrelid = c.confrelid AND t.attnum = k.n ORDER BY k.i) AS "to"
        FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'migration'::regnamespace`);
    expect(keys.length).toBeGreaterThanOrEqual(14);
    const TENANT = ['client_account_id', 'engagement_id'];
    for (const { name, from, to } of keys) {
      expect({ name, from: from.slice(0, 2), to: to.slice(0, 2) }).toEqual({
        name,
        from: TENANT,
        to: TENANT,
      });
    }
  });

  it.each(['another client', 'another engagement of the client'])(
    'refuse a link into %s, whoever makes it',
    async (whose) => {
      const foreign = whose === 'another client' ? service.newClient() : b;
      const { flowKey } = await importAndFlow(foreign, serversCsv(1));
      const link = service.sql.query(
        `UPDATE migration.assets SET discovery_flow_id = $1 WHERE client_account_id = $2 AND engagement_id = $3`,
        [flowKey, a.tenant.client_account_id, a.tenant.engagement_id],
      );
      await expect(link).rejects.toMatchObject({ constraint: 'fk_assets_discovery_flow' });
    },
  );
});
