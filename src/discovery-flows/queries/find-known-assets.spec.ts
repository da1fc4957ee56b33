import { importAndFlow, runToEnd, serversCsv } from '../../../test/support/inventory';
import { startTestService, type TestService } from '../../../test/support/test-service';
import { TenantDatabase, type TenantTx } from '../../database/tenant-database';
import { findKnownAssets } from './find-known-assets';

const KEYS = Array.from({ length: 50 }, (_, i) => ({
  part: 'hostname' as const,
  value: i % 2 ? `web-${i}` : `new-${i}`,
}));

describe('the look-up of known assets', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  /** Assets that the look-up read, found or not: each that is found by its key, and again by its id. */
  async function read(tx: TenantTx): Promise<{ found: number; touched: number }> {
    const touched = async () => {
      const [assets] = await tx.control<{ touched: number }>(
        `SELECT (seq_tup_read + idx_tup_fetch)::int AS touched
           FROM pg_stat_xact_user_tables WHERE relid = 'migration.assets'::regclass`,
      );
      return assets?.touched ?? 0;
    };
    const before = await touched();
    const known = await findKnownAssets(tx, KEYS);
    const found = KEYS.filter((key) => known.find(key) !== null).length;
    return { found, touched: (await touched()) - before };
  }

  it('reads what it finds, also for a tenant that the statistics have never seen', async () => {
    const [old, young] = [service.newClient(), service.newClient()];
    await runToEnd(old, (await importAndFlow(old, serversCsv(3000))).flowId);
    await service.sql.query('ANALYZE migration.assets');
    await runToEnd(young, (await importAndFlow(young, serversCsv(2000))).flowId);

    const database = service.app.get(TenantDatabase);
    for (const { tenant } of [young, old]) {
      expect(await database.transaction(tenant, read)).toEqual({ found: 25, touched: 50 });
      expect(await database.snapshot(tenant, read)).toEqual({ found: 25, touched: 50 });
    }
  });
});
