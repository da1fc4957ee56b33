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

  /** And the records that were read for it, and the blocks of the table that were looked at. */
  const open = (tenant: Tenant) =>
    service.app.get(TenantDatabase).snapshot(tenant, async (tx) => {
      const touched = async () => {
        const [table] = await tx.control<{ read: number; blocks: number }>(
          `SELECT (seq_tup_read + idx_tup_fetch)::int AS read, pg_stat_get_xact_blocks_fetched(relid)::int AS blocks
             FROM pg_stat_xact_user_tables WHERE relid = 'migration.raw_import_records'::regclass`,
        );
        return table ?? { read: NaN, blocks: NaN };
      };
      await tx.planForThisTenant();
      const before = await touched();
      const { unprocessed_raw_records: records } = await countOpenEnds(tx);
      const after = await touched();
      return { records, read: after.read - before.read, blocks: after.blocks - before.blocks };
    });

  it('reads no record that is processed, when the planner knows of the time before the run', async () => {
    const [client, other] = [service.newClient(), service.newClient()];
    // Rows that lie about in no order of their tenants are rather gathered first, if that is allowed.
    await service.sql.query(
      `INSERT INTO migration.raw_import_records (client_account_id, engagement_id, id)
       SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid() FROM generate_series(1, ${ROWS})`,
    );
    const { flowId } = await importAndFlow(client, serversCsv(ROWS));
    await importAndFlow(other, serversCsv(7));
    await service.sql.query('ANALYZE migration.raw_import_records');
    expect((await open(client.tenant)).records).toBe(ROWS);
    await runToEnd(client, flowId);
    expect(await open(client.tenant)).toMatchObject({ records: 0, read: 0 });
    // What was found out to be dead is not looked at again.
    expect(await open(client.tenant)).toEqual({ records: 0, read: 0, blocks: 0 });
    expect((await open(other.tenant)).records).toBe(7);
  });
});
