import { createHash } from 'node:crypto';
import { WIRING_KEYS } from '../../src/database/wiring-keys';
import type { Tenant } from '../../src/tenancy/tenant';
import { ApiClient } from '../support/api-client';
import { startTestService, type TestService } from '../support/test-service';
import { sendDirectly } from '../walls/direct';
import { StatementRecorder } from '../walls/statement-recorder';
import { walk } from '../walls/walk';
import { growTenant } from './grow-tenant';
import { type PlannedStatement, plannedStatements } from './planned-statements';

const ROWS = 200_000;
const OTHER_TENANTS = 20;
/** What has fewer is read whole as fast as through an index. */
const LARGE = 5_000;
/** A sample of 300 times as many rows: all of them, so that the statistics are the same each time. */
const EVERY_ROW = 1_000;

/** In no order, and the same each time, as histograms of ids are of them. */
function tenantOf(i: number): Tenant {
  const id = (of: string) => {
    const hash = createHash('md5').update(`${of} ${i}`).digest('hex');
    return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20)}`;
  };
  return { client_account_id: id('client'), engagement_id: id('engagement') };
}

export interface GrownService {
  service: TestService;
  tenant: Tenant;
  statements: PlannedStatement[];
  largeTables: Set<string>;
}

/** A service that has sent its statements for a tenant which has grown large since, between some that are small. */
export async function startGrownService(): Promise<GrownService> {
  const service = await startTestService();
  const { sql } = service;
  const tenant = tenantOf(0);
  const client = new ApiClient(service.origin, tenant);
  const recorder = new StatementRecorder();
  recorder.install();
  const trail = await walk(service, client);
  await sendDirectly(service, tenant, trail).finally(() => {
    recorder.uninstall();
  });

  const { rows: walled } = await sql.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE p.polname = 'tenant_wall'`,
  );
  const tables = walled.map(({ name }) => name);
  // Statistics are those of the end, whenever it wakes.
  for (const table of tables)
    await sql.query(`ALTER TABLE migration.${table} SET (autovacuum_enabled = off)`);
  const { rows: flows } = await sql.query<{ flow_key: string }>(
    'SELECT id AS flow_key FROM migration.discovery_flows WHERE client_account_id = $1 AND flow_id = $2',
    [tenant.client_account_id, trail.flow_id],
  );
  await growTenant(sql, tenant, ROWS, {
    data_import_id: trail.id!,
    flow_key: flows[0]!.flow_key,
    flow_id: trail.flow_id!,
    run_id: trail.run_id!,
    repair_id: trail.repair_id!,
  });
  for (let i = 1; i <= OTHER_TENANTS; i++) await growTenant(sql, tenantOf(i), ROWS / 100);
  // The walk has dropped them to break links; the planner learns from them how many rows a join has.
  for (const { table, name, definition } of WIRING_KEYS) {
    await sql.query(`ALTER TABLE migration.${table} ADD CONSTRAINT ${name} ${definition} NOT VALID`);
  }
  await sql.query(`SET default_statistics_target = ${EVERY_ROW}`);
  await sql.query(`VACUUM (ANALYZE) ${tables.map((table) => `migration.${table}`).join(', ')}`);
  const { rows: large } = await sql.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'migration'::regnamespace AND relname = ANY ($1) AND reltuples >= $2`,
    [tables, LARGE],
  );
  return {
    service,
    tenant,
    statements: await plannedStatements(sql, tenant, recorder.statements, tables),
    largeTables: new Set(large.map(({ name }) => name)),
  };
}
