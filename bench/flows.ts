import type { Client } from 'pg';
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
 * Runs flows to their ends, all of them queued at once. The ends are looked for in the database, which takes less of the
 * machine's time than over HTTP, and by one statement for all.
 * @throws when a run has not made an asset of each row.
 */
export async function persistFlows(sql: Client, flows: readonly PendingFlow[]): Promise<void> {
  const runs = await Promise.all(flows.map(startRun));
  const ended = await waitFor(
    'the end of the runs',
    async () => {
      const { rows } = await sql.query<{ live: number; incomplete: number }>(
        `SELECT count(*) FILTER (WHERE status IN ('queued', 'running'))::int AS live,
                count(*) FILTER (WHERE created <> total_records)::int AS incomplete
           FROM migration.discovery_runs WHERE id = ANY ($1)`,
        [runs],
      );
      return rows[0]?.live === 0 ? rows[0] : undefined;
    },
    3_600_000,
  );
  if (ended.incomplete > 0) throw new Error(`${ended.incomplete} runs have not made an asset of each row`);
}

async function startRun({ client, flow_id }: PendingFlow): Promise<unknown> {
  const started = await waitFor('the run to be taken on', async () => {
    const answer = await client.post(`/discovery-flows/${flow_id}/runs`, { chunk_size: 500 });
    if (answer.status === 202) return answer;
    // A thousand at once may be more than are served.
    if (answer.status === 503) return undefined;
    throw new Error(`the run was answered with ${answer.status}`);
  });
  return started.body.id;
}
