import type { Client } from 'pg';
import type { RepairLedger } from '../../src/link-repair/queries/repair-ledger';
import type { Tenant } from '../../src/tenancy/tenant';

export type TenantRepair = Tenant & RepairLedger;

const COLUMNS =
  'client_account_id, engagement_id, id, run_id, plan_hash, status, planned, applied, skipped, undone';

/** Every tenant that has an asset, a record or a flow, each found by a probe of the index and not by a scan. */
export async function listTenants(client: Client): Promise<Tenant[]> {
  const found = new Map<string, Tenant>();
  for (const table of ['assets', 'raw_import_records', 'discovery_flows']) {
    const { rows } = await client.query<Tenant>(`
      WITH RECURSIVE t AS (
        (SELECT client_account_id, engagement_id FROM migration.${table} ORDER BY 1, 2 LIMIT 1)
        UNION ALL
        SELECT n.client_account_id, n.engagement_id
          FROM t CROSS JOIN LATERAL (
            SELECT x.client_account_id, x.engagement_id FROM migration.${table} x
             WHERE (x.client_account_id, x.engagement_id) > (t.client_account_id, t.engagement_id)
             ORDER BY 1, 2 LIMIT 1) n)
      SELECT client_account_id, engagement_id FROM t`);
    for (const row of rows) found.set(`${row.client_account_id} ${row.engagement_id}`, row);
  }
  return [...found].sort(([one], [two]) => (one < two ? -1 : 1)).map(([, tenant]) => tenant);
}

/** The repairs of a backfill that was interrupted. */
export async function findInterrupted(client: Client, run_hash: string): Promise<TenantRepair[]> {
  const { rows } = await client.query<TenantRepair>(
    `SELECT ${COLUMNS} FROM migration.link_repairs
      WHERE run_id IN (SELECT run_id FROM migration.link_repairs WHERE run_hash = $1 AND status = 'applying')
      ORDER BY client_account_id, engagement_id`,
    [run_hash],
  );
  return rows;
}

/** The latest run that carried this plan out, no row of it left alone, none put back since. */
export async function findApplied(client: Client, run_hash: string): Promise<string | null> {
  const { rows } = await client.query<{ run_id: string }>(
    `SELECT run_id FROM migration.link_repairs WHERE run_hash = $1
      GROUP BY run_id HAVING bool_and(status = 'applied' AND skipped = 0) ORDER BY max(created_at) DESC LIMIT 1`,
    [run_hash],
  );
  return rows[0]?.run_id ?? null;
}

export async function findRun(client: Client, run_id: string): Promise<TenantRepair[]> {
  const { rows } = await client.query<TenantRepair>(
    `SELECT ${COLUMNS} FROM migration.link_repairs WHERE run_id = $1 AND status <> 'planned'
      ORDER BY client_account_id, engagement_id`,
    [run_id],
  );
  return rows;
}

/** From here on the run is to be finished: all of its tenants' plans at once, each with its audit event. */
export async function commitToRun(client: Client, run_id: string): Promise<TenantRepair[]> {
  const { rows } = await client.query<TenantRepair>(
    `WITH begun AS (
       UPDATE migration.link_repairs SET status = 'applying' WHERE run_id = $1 AND status = 'planned' RETURNING ${COLUMNS}
     ), audited AS (
       INSERT INTO migration.audit_events
         (client_account_id, engagement_id, id, at, action, target_type, target_id, counts, details)
       SELECT client_account_id, engagement_id, gen_random_uuid(), now(), 'repair.started', 'link_repair', id,
              jsonb_build_object('planned', planned), jsonb_build_object('plan_hash', plan_hash, 'run_id', run_id)
         FROM begun
     )
     SELECT * FROM begun`,
    [run_id],
  );
  return rows;
}

/** Plans that were written down and never begun, because another tenant's had changed or the process ended. */
export async function discardPlanned(client: Client): Promise<void> {
  await client.query(`
    WITH discarded AS (DELETE FROM migration.link_repairs WHERE status = 'planned' RETURNING client_account_id, id)
    DELETE FROM migration.link_repair_changes c
     USING discarded d WHERE c.client_account_id = d.client_account_id AND c.repair_id = d.id`);
}

/** One backfill at a time, as long as this session lives. */
export async function lockBackfills(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended('backfill-discovery-wiring', 0)) AS locked`,
  );
  return rows[0]?.locked === true;
}
