import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { newTenant } from '../../test/support/api-client';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { TenantRows } from '../../test/support/wiring';
import { dataSourceOptions } from '../database/data-source-options';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { compileRowMapper } from '../field-mapping/map-row';
import { RawImportRecord } from '../raw-imports/raw-import-record.entity';
import { createAssetsFromDiscovery, type DiscoveredAsset } from './create-assets-from-discovery';
import type { FlowContext } from './flow-context';
import { LinkRaceError } from './link-race.error';

const AT = new Date('2026-01-02T03:04:05.678Z');
const WHEN = { run_id: null, at: AT };

describe('createAssetsFromDiscovery', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let tenants: TenantDatabase;
  let sql: Client;
  let rows: TenantRows;
  let flow: FlowContext;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource(
      dataSourceOptions(database.url, { entities: [RawImportRecord], poolSize: 3 }),
    ).initialize();
    tenants = new TenantDatabase(dataSource);
    sql = new Client({ connectionString: database.url });
    await sql.connect();
  });
  beforeEach(async () => {
    rows = new TenantRows(sql, newTenant());
    flow = { id: await rows.flow(), flow_id: uuidv7(), master_flow_id: null, field_mappings_hash: 'hash' };
  });
  afterAll(async () => {
    await sql.end();
    await dataSource.destroy();
    await database.drop();
  });

  const map = compileRowMapper({ Name: 'name', Type: 'asset_type' });
  const asset = (name: string, raw_import_record_id: string | null): DiscoveredAsset => ({
    id: uuidv7(),
    fields: map({ Name: name, Type: 'SERVER' }).fields,
    custom_attributes: {},
    raw_import_record_id,
  });
  const record = () => rows.record({ raw_data: '{"test": "data"}', is_processed: false, fate: 'pending' });
  const inTransaction = <Result>(work: (tx: TenantTx) => Promise<Result>) =>
    tenants.transaction(rows.tenant, work);
  const linksSeenBy = async (query: (text: string) => Promise<unknown[]>) =>
    query(
      `SELECT a.name, a.asset_type, a.raw_import_records_id = r.id AS forward, r.asset_id = a.id AS backward,
              r.is_processed, r.fate, r.processing_notes
         FROM migration.assets a JOIN migration.raw_import_records r ON r.id = a.raw_import_records_id
        WHERE a.client_account_id = $1 AND a.engagement_id = $2 ORDER BY a.name`,
    );
  const outside = (text: string) =>
    sql
      .query<object>(text, [rows.tenant.client_account_id, rows.tenant.engagement_id])
      .then((result) => result.rows as unknown[]);
  const linked = (name: string) => ({
    name,
    asset_type: 'server',
    forward: true,
    backward: true,
    is_processed: true,
    fate: 'created',
    processing_notes: `Linked to: ${name}`,
  });

  it('links asset and raw record both ways, as seen inside the same transaction', async () => {
    const id = await record();
    await inTransaction(async (tx) => {
      expect(await createAssetsFromDiscovery(tx, flow, [asset('Test Asset', id)], WHEN)).toEqual({
        created: 1,
        linked: 1,
      });
      expect(await linksSeenBy((text) => tx.rows(text))).toEqual([linked('Test Asset')]);
      expect(await tx.findOne(RawImportRecord, { id })).toMatchObject({
        is_processed: true,
        processed_at: AT,
      });
    });
    expect(await linksSeenBy(outside)).toEqual([linked('Test Asset')]);
  });

  it('never commits: nobody else sees its rows, and the caller’s rollback takes them all back', async () => {
    const id = await record();
    await expect(
      inTransaction(async (tx) => {
        await createAssetsFromDiscovery(tx, flow, [asset('a', id), asset('b', null)], WHEN);
        await createAssetsFromDiscovery(tx, flow, [asset('c', null)], WHEN);
        const [{ id: inside } = { id: null }] = await tx.control<{ id: string | null }>(
          'SELECT pg_current_xact_id_if_assigned()::text AS id',
        );
        const [writers] = await tx.rows<{ transactions: string[] }>(
          `SELECT array_agg(DISTINCT xmin::text) AS transactions FROM migration.assets
            WHERE client_account_id = $1 AND engagement_id = $2`,
        );
        expect(writers?.transactions).toEqual([inside]);
        expect(await linksSeenBy(outside)).toEqual([]);
        throw new Error('the caller changes its mind');
      }),
    ).rejects.toThrow('changes its mind');
    expect(
      await outside('SELECT 1 FROM migration.assets WHERE client_account_id = $1 AND engagement_id = $2'),
    ).toEqual([]);
    const [row] = await outside(
      `SELECT is_processed, asset_id, fate FROM migration.raw_import_records WHERE client_account_id = $1 AND engagement_id = $2`,
    );
    expect(row).toEqual({ is_processed: false, asset_id: null, fate: 'pending' });
  });

  it('pairs by id and never by position, for few and many alike', async () => {
    for (const count of [3, 11, 300]) {
      const ids: string[] = [];
      while (ids.length < count) ids.push(await record());
      const assets = ids.map((id, i) => asset(`${count}-${i}`, i % 3 === 1 ? null : id)).reverse();
      const expected = assets.filter(({ raw_import_record_id }) => raw_import_record_id !== null);
      const result = await inTransaction((tx) => createAssetsFromDiscovery(tx, flow, assets, WHEN));
      expect(result).toEqual({ created: count, linked: expected.length });
      for (const { fields, raw_import_record_id } of expected) {
        const { rows: found } = await sql.query<{ name: string }>(
          `SELECT a.name FROM migration.raw_import_records r JOIN migration.assets a ON a.id = r.asset_id WHERE r.id = $1`,
          [raw_import_record_id],
        );
        expect(found).toEqual([{ name: fields.name }]);
      }
    }
  });

  it('does nothing for no assets', async () => {
    expect(await inTransaction((tx) => createAssetsFromDiscovery(tx, flow, [], WHEN))).toEqual({
      created: 0,
      linked: 0,
    });
  });

  it.each([
    ['linked already', async () => (await rows.pair(flow.id)).record],
    ['decided already', () => rows.record({ fate: 'rejected' })],
    [
      'another tenant’s',
      () => new TenantRows(sql, newTenant()).record({ is_processed: false, fate: 'pending' }),
    ],
    [
      'another engagement’s',
      () =>
        new TenantRows(sql, { ...rows.tenant, engagement_id: uuidv7() }).record({
          is_processed: false,
          fate: 'pending',
        }),
    ],
    ['nobody’s', () => Promise.resolve(uuidv7())],
  ])('refuses a record that is %s, and nothing of the transaction stays', async (_what, make) => {
    const [free, taken] = [await record(), await make()];
    const before = await outside(
      'SELECT id FROM migration.assets WHERE client_account_id = $1 AND engagement_id = $2',
    );
    await expect(
      inTransaction((tx) => createAssetsFromDiscovery(tx, flow, [asset('a', free), asset('b', taken)], WHEN)),
    ).rejects.toThrow(LinkRaceError);
    expect(
      await outside('SELECT id FROM migration.assets WHERE client_account_id = $1 AND engagement_id = $2'),
    ).toEqual(before);
  });
});
