import { v7 as uuidv7 } from 'uuid';
import { importAndFlow, runToEnd, serversCsv } from '../../../test/support/inventory';
import { startTestService, type TestService } from '../../../test/support/test-service';
import { TenantDatabase, type TenantTx } from '../../database/tenant-database';
import type { Tenant } from '../../tenancy/tenant';
import { decideRecords } from './decide-records';
import { findPendingRows } from './find-pending-rows';
import { insertAndLinkAssets } from './insert-and-link-assets';
import { updateAssets } from './update-assets';

const ROWS = 10_000;
const CHUNK = 50;
const RUN = { id: uuidv7(), master_flow_id: null };
const NO_FLOW = { id: null, flow_id: null, master_flow_id: null, field_mappings_hash: null } as never;
const NO_FIELDS = { name: 'x', asset_type: 'server', status: 'discovered' } as never;

/** Of a large import the last rows: whoever reads the tenant's rows up to them has read all. */
describe('the statements of a chunk', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
    // The server's own rounds would learn of the rows at a moment of their choice.
    await service.sql.query('ALTER TABLE migration.raw_import_records SET (autovacuum_enabled = off)');
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
  async function readsOf(tenant: Tenant, data_import_id: string, assetIds: string[]) {
    const reads: Record<string, number> = {};
    const undo = new Error('undone');
    const attempt = service.app.get(TenantDatabase).transaction(tenant, async (tx) => {
      const count = async <Result>(name: string, statement: () => Promise<Result>): Promise<Result> => {
        const before = await touched(tx);
        const result = await statement();
        reads[name] = (await touched(tx)) - before;
        return result;
      };
      const at = new Date();
      const last = { first_row: ROWS - CHUNK + 1, last_row: ROWS };
      const linked = await count('find', () => findPendingRows(tx, data_import_id, last));
      const decided = await findPendingRows(tx, data_import_id, {
        first_row: ROWS - 2 * CHUNK + 1,
        last_row: ROWS - CHUNK,
      });
      const assets = linked.map(({ id }) => ({
        id: uuidv7(),
        fields: NO_FIELDS,
        custom_attributes: {},
        raw_import_record_id: id,
      }));
      await count('link', () => insertAndLinkAssets(tx, NO_FLOW, assets, { run_id: null, at }));
      const fates = decided.map(({ id }) => ({ id, fate: 'rejected', processing_notes: 'x' }) as never);
      await count('decide', () => decideRecords(tx, RUN, fates, at));
      const changes = assetIds.map((id) => ({ id, fields: NO_FIELDS, custom_attributes: {} }));
      await count('update', () => updateAssets(tx, changes, at));
      throw undo;
    });
    await expect(attempt).rejects.toBe(undo);
    return reads;
  }

  it.each([
    { knows: 'that no record is undecided', analysed: 'before' },
    { knows: 'of the new import', analysed: 'after' },
  ] as const)('read the rows they are about, when the planner knows $knows', async ({ analysed }) => {
    const [client, other] = [service.newClient(), service.newClient()];
    // So many that the next import is not the one with which the table has doubled.
    await runToEnd(client, (await importAndFlow(client, serversCsv(2 * ROWS))).flowId);
    await runToEnd(other, (await importAndFlow(other, serversCsv(20))).flowId);
    const analyse = () => service.sql.query('ANALYZE migration.assets, migration.raw_import_records');
    await analyse();
    const { importId } = await importAndFlow(client, serversCsv(ROWS, { prefix: 'new' }));
    if (analysed === 'after') {
      await service.sql.query(
        `UPDATE migration.raw_import_records SET is_processed = true, fate = 'rejected'
          WHERE client_account_id = $1 AND data_import_id = $2 AND row_number <= $3`,
        [client.tenant.client_account_id, importId, ROWS - 2 * CHUNK],
      );
      await analyse();
    }

    const { rows } = await service.sql.query<{ id: string }>(
      'SELECT id FROM migration.assets WHERE client_account_id = $1 ORDER BY id DESC LIMIT $2',
      [client.tenant.client_account_id, CHUNK],
    );
    const assets = rows.map(({ id }) => id);
    expect(await readsOf(client.tenant, importId, assets)).toEqual({
      find: CHUNK,
      link: CHUNK,
      decide: CHUNK,
      update: CHUNK,
    });
  });
});
