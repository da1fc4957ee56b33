import type { ApiClient } from './api-client';
import { expectUndisturbed, fingerprint } from './end-state';
import { countInserts } from './fault';
import { importAndFlow, runEnd, runToEnd, serversCsv } from './inventory';
import { type StopPoint, stopAt } from './stop-point';
import type { TestService } from './test-service';

const RUN = { csv: serversCsv(50), options: { chunk_size: 10 } };

/** Within chunk 3 of 5, in the middle of its rows. */
export const IN_CHUNK_3 = { event: 'BEFORE INSERT ON migration.assets', when: `NEW.name = 'web-26'` };

export interface Standstill {
  client: ApiClient;
  flowId: string;
  runId: string;
  stop: StopPoint;
  /** The backend of the transaction that stands there. */
  pid: number;
}

/**
 * A run that a fault befalls while it stands at a point; `fault` lets it go on. It must end as a run that nothing
 * disturbs, row by row, with chunk 3 tried more than once, and leave another tenant as it was.
 */
export async function expectToSurvive(
  service: TestService,
  point: Parameters<typeof stopAt>[1],
  fault: (at: Standstill) => Promise<unknown>,
): Promise<void> {
  const bystander = service.newClient();
  await runToEnd(bystander, (await importAndFlow(bystander, RUN.csv)).flowId, RUN.options);
  const before = await fingerprint(service.sql, bystander.tenant);

  const inserts = await countInserts(service.sql, 'web-21');
  const client = service.newClient();
  const { flowId } = await importAndFlow(client, RUN.csv);
  const stop = await stopAt(service.databaseUrl, point);
  const runId = (await client.post(`/discovery-flows/${flowId}/runs`, RUN.options)).body.id as string;
  await fault({ client, flowId, runId, stop, pid: await stop.reached() });

  const { body } = await runEnd(client, flowId, runId);
  expect(body).toMatchObject({
    status: 'completed',
    created: 50,
    pending: 0,
    chunks_done: 5,
    chunks_failed: 0,
  });
  // Else the fault has not hit, and the test has shown nothing.
  expect(await inserts()).toBeGreaterThan(1);
  await expectUndisturbed(service.sql, client, service.newClient(), RUN);
  expect(await fingerprint(service.sql, bystander.tenant)).toBe(before);
}
