import { v7 as uuidv7 } from 'uuid';
import { importAndFlow, runToEnd, serversCsv } from '../../../test/support/inventory';
import { startTestService, type TestService } from '../../../test/support/test-service';
import { TenantDatabase, type TenantTx } from '../../database/tenant-database';
import type { Tenant } from '../../tenancy/tenant';
import { decideRecords } from './decide-records';
import { insertAndLinkAssets } from './insert-and-link-assets';
import { updateAssets } from './update-assets';

const ROWS = 20_000;
const CHUNK = 50;
const RUN = { id: uuidv7(), master_flow_id: null };
const NO_FIELDS = { name: 'x', asset_type: 'server', status: 'discovered' } as never;

/** Of a large import the last rows: whoever reads the tenant's rows up to them has read all. */
describe('statements that write the rows of a chunk', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  async function touched(tx: TenantTx): Promise<number> {
    const [tables] = await tx.control<{ touched: number }>(
      `SELECT sum(seq_tup_read + idx_tup_fetch)::int AS touched FROM pg_stat_xact_user_tables
        WHERE relid IN ('migration.assets'::regclass, 'migration.raw_import_records'::regclass)`,
    );
    return tables?.touched ?? 0;
  }

  /** Rows of the two tables that each statement reads, in a transaction that is rolled back. */
  async function readsOf(tenant: Tenant, ids: { pending: string[]; assets: string[] }) {
    const reads: Record<string, number> = {};
    const undo = new Error('undone');
    const attempt = service.app.get(TenantDatabase).transaction(tenant, async (tx) => {
      const count = async (name: string, statement: () => Promise<unknown>) => {
        const before = await touched(tx);
        await statement();
        reads[name] = (await touched(tx)) - before;
      };
      const at = new Date();
      const flow = { id: null, flow_id: null, master_flow_id: null, field_mappings_hash: null } as never;
      const [linked, decided] = [ids.pending.slice(0, CHUNK), ids.pending.slice(CHUNK)];
      const assets = linked.map((raw_import_record_id) => ({
        id: uuidv7(),
        fields: NO_FIELDS,
        custom_attributes: {},
        raw_import_record_id,
      }));
      await count('link', () => insertAndLinkAssets(tx, flow, assets, { run_id: null, at }));
      const fates = decided.map((id) => ({ id, fate: 'rejected', processing_notes: 'x' }) as never);
      await count('decide', () => decideRecords(tx, RUN, fates, at));
      const changes = ids.assets.map((id) => ({ id, fields: NO_FIELDS, custom_attributes: {} }));
      await count('update', () => updateAssets(tx, changes, at));
      throw undo;
    });
    await expect(attempt).rejects.toBe(undo);
    return reads;
  }

  it('read the rows that they write, however many the tenant has', async () => {
    const [client, other] = [service.newClient(), service.newClient()];
    await runToEnd(client, (await importAndFlow(client, serversCsv(500))).flowId);
    const { importId } = await importAndFlow(client, serversCsv(ROWS, { prefix: 'new' }));
    await service.sql.query(
      `UPDATE migration.raw_import_records SET is_processed = true, fate = 'rejected'
        WHERE client_account_id = $1 AND data_import_id = $2 AND row_number <= $3`,
      [client.tenant.client_account_id, importId, ROWS - 2 * CHUNK],
    );
    await importAndFlow(other, serversCsv(20));
    await service.sql.query('ANALYZE migration.assets, migration.raw_import_records');

    const last = async (sql: string, limit: number) =>
      (
        await service.sql.query<{ id: string }>(`${sql} ORDER BY id DESC LIMIT ${limit}`, [
          client.tenant.client_account_id,
        ])
      ).rows.map(({ id }) => id);
    const pending = await last(
      'SELECT id FROM migration.raw_import_records WHERE client_account_id = $1 AND NOT is_processed',
      2 * CHUNK,
    );
    const assets = await last('SELECT id FROM migration.assets WHERE client_account_id = $1', CHUNK);
    expect(await readsOf(client.tenant, { pending, assets })).toEqual({
      link: CHUNK,
      decide: CHUNK,
      update: CHUNK,
    });
  });
});
