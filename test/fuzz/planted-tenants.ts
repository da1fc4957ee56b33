import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { Tenant } from '../../src/tenancy/tenant';
import { ApiClient, newTenant } from '../support/api-client';
import { importAndFlow, runToEnd, serversCsv } from '../support/inventory';
import { repairToEnd } from '../support/repair';

/** One tenant that asks, and those whose rows it must not see: of the same client, and of the same engagement's id. */
export interface PlantedTenants {
  own: ApiClient;
  foreign: ApiClient[];
  /** Stands in every text of the foreign tenants. */
  marker: string;
}

export async function plantTenants(origin: string, sql: Client): Promise<PlantedTenants> {
  const own = newTenant();
  const others: Tenant[] = [
    { ...own, engagement_id: randomUUID() },
    { ...own, client_account_id: randomUUID() },
  ];
  const marker = `marker${randomUUID().slice(0, 8)}`;
  const owner = new ApiClient(origin, own);
  await plant(owner, sql, 'own');
  const foreign = others.map((tenant) => new ApiClient(origin, tenant));
  for (const client of foreign) await plant(client, sql, marker);
  return { own: owner, foreign, marker };
}

/** Imports with rejects, a flow that has run, one that has not, assets of a given list, and a repair. */
async function plant(client: ApiClient, sql: Client, prefix: string): Promise<void> {
  const csv = `${serversCsv(12, { prefix })}\0,,,,,${prefix}\n`;
  const done = await importAndFlow(client, csv, `${prefix}.csv`);
  await runToEnd(client, done.flowId);
  await importAndFlow(client, serversCsv(20, { prefix: `${prefix}-open` }), `${prefix}-open.csv`);
  const given = { discovered_assets: [{ name: `${prefix}-given`, asset_type: 'server' }] };
  expect((await client.post(`/discovery-flows/${done.flowId}/assets`, given)).status).toBe(201);
  await sql.query(
    'UPDATE migration.assets SET discovery_flow_id = NULL WHERE client_account_id = $1 AND engagement_id = $2',
    [client.tenant.client_account_id, client.tenant.engagement_id],
  );
  await repairToEnd(client);
}
