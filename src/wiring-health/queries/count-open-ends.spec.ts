import { importAndFlow, runToEnd, serversCsv } from '../../../test/support/inventory';
import { startTestService, type TestService } from '../../../test/support/test-service';
import { waitFor } from '../../../test/support/wait-for';
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

  /** And the records and assets that were read for it, and the blocks of the records that were looked at. */
  const open = (tenant: Tenant) =>
    service.app.get(TenantDatabase).snapshot(tenant, async (tx) => {
      const touched = async (table: string) => {
        const [found] = await tx.control<{ read: number; blocks: number }>(
          `SELECT (seq_tup_read + idx_tup_fetch)::int AS read, pg_stat_get_xact_blocks_fetched(relid)::int AS blocks
             FROM pg_stat_xact_user_tables WHERE relid = $1::regclass`,
          [`migration.${table}`],
        );
        return found ?? { read: NaN, blocks: NaN };
      };
      const before = { records: await touched('raw_import_records'), assets: await touched('assets') };
      const { unprocessed_raw_records: records } = await countOpenEnds(tx);
      const after = { records: await touched('raw_import_records'), assets: await touched('assets') };
      return {
        records,
        read: after.records.read - before.records.read,
        blocks: after.records.blocks - before.records.blocks,
        assets: after.assets.read - before.assets.read,
      };
    });

  it('reads no record that is processed, when the planner knows of the time before the run', async () => {
    const [client, other] = [service.newClient(), service.newClient()];
    // Rows that lie about in no order of their tenants are rather gathered first, if that is allowed.
    await service.sql.query(
      `INSERT INTO migration.raw_import_records (client_account_id, engagement_id, id)
       SELECT md5((n % 5)::text)::uuid, md5('')::uuid, gen_random_uuid() FROM generate_series(1, ${5 * ROWS}) n`,
    );
    const { flowId } = await importAndFlow(client, serversCsv(ROWS));
    await importAndFlow(other, serversCsv(7));
    await service.sql.query('ANALYZE migration.raw_import_records');
    expect((await open(client.tenant)).records).toBe(ROWS);
    await runToEnd(client, flowId);
    expect(await open(client.tenant)).toMatchObject({ records: 0, read: 0 });
    // What was found to be dead is not looked at again, as soon as nobody's snapshot is older than the end of the run.
    await waitFor('the dead entries to be marked', async () => (await open(client.tenant)).blocks === 0);
    expect((await open(other.tenant)).records).toBe(7);
  });

  it('reads no asset that has a flow, of a tenant that the planner does not know', async () => {
    await service.sql.query(`
      ALTER TABLE migration.assets SET (autovacuum_enabled = off);
      SET session_replication_role = replica;
      INSERT INTO migration.assets
        (client_account_id, engagement_id, id, name, asset_type, discovery_method, discovery_flow_id)
      SELECT md5((n % 150)::text)::uuid, md5('')::uuid, gen_random_uuid(), 'x', 'server', 'flow_based', md5((n % 150)::text)::uuid
        FROM generate_series(1, 15000) n;
      RESET session_replication_role`);
    await service.sql.query('ANALYZE migration.assets');
    const client = service.newClient();
    const { flowId } = await importAndFlow(client, serversCsv(ROWS));
    await runToEnd(client, flowId);
    expect(await open(client.tenant)).toMatchObject({ records: 0, assets: 0 });
  });
});
