import { ApiClient, newTenant } from '../support/api-client';
import { importAndFlow, runEnd, serversCsv } from '../support/inventory';
import { dumpLinks, unlike } from '../support/link-dump';
import { openProcessBench, type ProcessBench } from '../support/process-bench';
import { repairEnds } from '../support/repair';
import type { ServiceProcess } from '../support/service-process';
import { waitFor } from '../support/wait-for';
import { dropWiringKeys } from '../support/wiring';

const ROWS = 8_000;
const REPAIR = '/health/wiring/repair';

describe('1: kill -9 in a repair', () => {
  let bench: ProcessBench;
  let service: ServiceProcess;
  beforeAll(async () => (bench = await openProcessBench()));
  afterEach(() => service.kill());
  afterAll(() => bench.close());

  it.each(['applying', 'undoing'])(
    'while it is %s: the next process ends it as if nothing had been',
    async (phase) => {
      const { tenant } = new ApiClient('', newTenant());
      service = await bench.start();
      const client = () => new ApiClient(service.origin, tenant);
      const { flowId } = await importAndFlow(client(), serversCsv(ROWS));
      const run = await client().post(`/discovery-flows/${flowId}/runs`);
      await runEnd(client(), flowId, run.body.id, 60_000);
      const whole = await dumpLinks(bench.sql, tenant);
      await dropWiringKeys(bench.sql);
      await bench.sql.query(
        'UPDATE migration.assets SET discovery_flow_id = NULL, raw_import_records_id = NULL WHERE client_account_id = $1',
        [tenant.client_account_id],
      );
      const broken = await dumpLinks(bench.sql, tenant);
      const { plan_hash } = (await client().get(REPAIR)).body;
      const { body: repair } = await client().post(REPAIR, { plan_hash });

      /** Some batches are committed, and others not, when the process dies. */
      async function killWithin(status: string, done: string): Promise<void> {
        await waitFor('some batches', async () => {
          const { rows } = await bench.sql.query<{ done: number; status: string }>(
            `SELECT ${done} AS done, status FROM migration.link_repairs WHERE id = $1`,
            [repair.id],
          );
          return rows[0]!.status === status && rows[0]!.done > 0 && rows[0]!.done < ROWS;
        });
        await service.kill();
        await bench.allGone();
        // Its lease has run out, 20 seconds later.
        await bench.sql.query(
          `UPDATE migration.link_repairs SET due_at = now() - interval '1 second' WHERE id = $1`,
          [repair.id],
        );
        service = await bench.start();
      }

      if (phase === 'applying') await killWithin('applying', 'applied');
      expect(await repairEnds(client(), repair.id as string)).toMatchObject({
        status: 'applied',
        planned: ROWS,
        applied: ROWS,
        skipped: 0,
      });
      expect(unlike(await dumpLinks(bench.sql, tenant), whole)).toEqual([]);
      if (phase === 'applying') return;
      expect((await client().post(`${REPAIR}/${repair.id}/undo`)).status).toBe(202);
      await killWithin('undoing', 'undone');
      expect(await repairEnds(client(), repair.id as string)).toMatchObject({
        status: 'undone',
        undone: ROWS,
      });
      expect(await dumpLinks(bench.sql, tenant)).toEqual(broken);
    },
  );
});
