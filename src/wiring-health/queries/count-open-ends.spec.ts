import { importAndFlow, runToEnd, serversCsv } from '../../../test/support/inventory';
import { startTestService, type TestService } from '../../../test/support/test-service';
import { TenantDatabase } from '../../database/tenant-database';
import type { Tenant } from '../../tenancy/tenant';
import { countOpenEnds } from './count-open-ends';

const ROWS = 5_000;

describe('the count of open ends', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
    await service.sql.query('ALTER TABLE migration.raw_import_records SET (autovacuum_enabled = off)');
  });
  afterAll(() => service.stop());

  /** And the records that were read for it. */
  const open = (tenant: Tenant) =>
    service.app.get(TenantDatabase).snapshot(tenant, async (tx) => {
      const touched = async () => {
        const [table] = await tx.control<{ touched: number }>(
          `SELECT (seq_tup_read + idx_tup_fetch)::int AS touched FROM pg_stat_xact_user_tables
            WHERE relid = 'migration.raw_import_records'::regclass`,
        );
        return table?.touched ?? NaN;
      };
      await tx.planForThisTenant();
      const before = await touched();
      const { unprocessed_raw_records: records } = await countOpenEnds(tx);
      return { records, read: (await touched()) - before };
    });

  it('reads no record that is processed, when the planner knows of the time before the run', async () => {
    const [client, other] = [service.newClient(), service.newClient()];
    const { flowId } = await importAndFlow(client, serversCsv(ROWS));
    await importAndFlow(other, serversCsv(7));
    await service.sql.query('ANALYZE migration.raw_import_records');
    expect((await open(client.tenant)).records).toBe(ROWS);
    await runToEnd(client, flowId);
    expect(await open(client.tenant)).toEqual({ records: 0, read: 0 });
    expect((await open(other.tenant)).records).toBe(7);
  });
});
