import type { Pool } from 'pg';
import { ApiClient, newTenant } from '../test/support/api-client';
import { serversCsv } from '../test/support/inventory';
import { waitFor } from '../test/support/wait-for';

export interface PendingFlow {
  client: ApiClient;
  flow_id: string;
}

/** A flow over an inventory of so many rows, all of them pending; of a tenant of its own where none is given. */
export async function makeFlow(
  origin: string,
  rows: number,
  { tenant = newTenant(), prefix = 'web' } = {},
): Promise<PendingFlow> {
  const client = new ApiClient(origin, tenant);
  const upload = await client.upload('servers.csv', serversCsv(rows, { prefix }));
  const flow = await client.post('/discovery-flows', { flow_name: 'bench', data_import_id: upload.body.id });
  return { client, flow_id: String(flow.body.flow_id) };
}

/**
 * Runs a flow to its end. The end is looked for in the database, which takes less of the machine's time than over HTTP.
 * @throws when the run has not made an asset of each row.
 */
export async function persistFlow(pool: Pool, { client, flow_id }: PendingFlow): Promise<void> {
  const started = await waitFor('the run to be taken on', async () => {
    const answer = await client.post(`/discovery-flows/${flow_id}/runs`, { chunk_size: 500 });
    if (answer.status === 202) return answer;
    // A thousand at once may be more than are served.
    if (answer.status === 503) return undefined;
    throw new Error(`the run was answered with ${answer.status}`);
  });
  const end = await waitFor(
    'the end of the run',
    async () => {
      const { rows } = await pool.query<{ created: number; total_records: number }>(
        `SELECT created, total_records FROM migration.discovery_runs
          WHERE client_account_id = $1 AND id = $2 AND status NOT IN ('queued', 'running')`,
        [client.tenant.client_account_id, started.body.id],
      );
      return rows[0];
    },
    3_600_000,
  );
  if (end.created !== end.total_records) throw new Error(`the run made ${end.created} assets`);
}
