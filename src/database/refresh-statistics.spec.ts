import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { newTenant } from '../../test/support/api-client';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database';
import { dataSourceOptions } from './data-source-options';
import { refreshStatistics, refreshYoungStatistics } from './refresh-statistics';
import { SERVICE_ROLE } from './roles';

describe('refreshStatistics', () => {
  let database: TestDatabase;
  let service: DataSource;
  let loader: Client;
  beforeEach(async () => {
    database = await createTestDatabase();
    service = new DataSource(dataSourceOptions(database.url, { poolSize: 1, role: SERVICE_ROLE }));
    await service.initialize();
    loader = new Client({ connectionString: database.url });
    await loader.connect();
    // Nobody else analyses.
    await loader.query('ALTER TABLE migration.raw_import_records SET (autovacuum_enabled = false)');
  });
  afterEach(async () => {
    await service.destroy();
    await loader.end();
    await database.drop();
  });

  const insert = (rows: number) =>
    loader.query(
      `INSERT INTO migration.raw_import_records (client_account_id, engagement_id, id)
       SELECT $1, $2, gen_random_uuid() FROM generate_series(1, ${rows})`,
      Object.values(newTenant()),
    );
  const known = async () => {
    const { rows } = await loader.query<{ known: number }>(
      `SELECT reltuples::int AS known FROM pg_class WHERE oid = 'migration.raw_import_records'::regclass`,
    );
    return rows[0]?.known;
  };

  it('knows a table that has doubled', async () => {
    await insert(1000);
    await refreshStatistics(service);
    expect(await known()).toBe(1000);
    await insert(100);
    await refreshStatistics(service);
    expect(await known()).toBe(1000);
    await insert(2000);
    await refreshStatistics(service);
    expect(await known()).toBe(3100);
  });

  it.each([0, 1500])('looks again when it saw %i rows, while most were not committed yet', async (rows) => {
    await insert(rows);
    await loader.query('BEGIN');
    await insert(5000);
    await refreshStatistics(service);
    expect(await known()).toBe(rows);
    await loader.query('COMMIT');
    await loader.query('SELECT pg_stat_force_next_flush()');
    await refreshStatistics(service);
    expect(await known()).toBe(rows + 5000);
  });

  it('leaves a table of which enough is known to whoever has the time', async () => {
    await loader.query('ALTER TABLE migration.assets SET (autovacuum_enabled = false)');
    await insert(9_000);
    await refreshYoungStatistics(service);
    expect(await known()).toBe(9_000);
    await insert(10_000);
    await refreshYoungStatistics(service);
    expect(await known()).toBe(19_000);
    // Of the other table nothing is known as long as it is empty.
    await loader.query(
      `INSERT INTO migration.assets (client_account_id, engagement_id, id, name, asset_type)
       SELECT $1, $2, gen_random_uuid(), 'x', 'server' FROM generate_series(1, 10000)`,
      Object.values(newTenant()),
    );
    await refreshYoungStatistics(service);
    await insert(30_000);
    await refreshYoungStatistics(service);
    expect(await known()).toBe(19_000);
  });
});
