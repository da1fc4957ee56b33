import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT = 'client_account_id, engagement_id';

/**
 * Only letters of ASCII are folded (COLLATE "C"), as host names are, so that database and service fold alike; and only
 * so much of a value is kept as an index entry can hold, whoever asks compares the whole.
 */
const folded = (column: string) => `left(lower(${column} COLLATE "C"), 200)`;

const INDEXES: readonly { name: string; on: string }[] = [
  // The natural keys by which a row finds the asset that it describes. Each holds the assets that have a value.
  {
    name: 'idx_assets_identity_hostname',
    on: `assets (${TENANT}, ${folded('hostname')}) WHERE hostname IS NOT NULL`,
  },
  { name: 'idx_assets_identity_fqdn', on: `assets (${TENANT}, ${folded('fqdn')}) WHERE fqdn IS NOT NULL` },
  {
    name: 'idx_assets_identity_ip_address',
    on: `assets (${TENANT}, ${folded('ip_address')}) WHERE ip_address IS NOT NULL`,
  },
  {
    name: 'idx_assets_identity_serial_number',
    on: `assets (${TENANT}, ${folded('serial_number')}) WHERE serial_number IS NOT NULL`,
  },
  { name: 'idx_assets_identity_name', on: `assets (${TENANT}, ${folded('name')}, asset_type)` },
  // A run's conflicts in the order of the file.
  {
    name: 'idx_raw_import_run_conflicts',
    on: `raw_import_records (${TENANT}, discovery_run_id, row_number) WHERE fate = 'conflict'`,
  },
  // Runs that should have moved, those that wait for room on the disk among them.
  {
    name: 'idx_discovery_runs_due',
    on: `discovery_runs (lease_expires_at) WHERE status IN ('queued', 'running', 'paused')`,
  },
];

/** Built CONCURRENTLY, hence without a transaction; an interrupted build is repaired by the migration runner. */
export class BuildIdentityIndexes1764100100000 implements MigrationInterface {
  name = 'BuildIdentityIndexes1764100100000';
  transaction = false as const;

  async up(runner: QueryRunner): Promise<void> {
    for (const { name, on } of INDEXES) {
      await runner.query(`CREATE INDEX CONCURRENTLY IF NOT EXISTS ${name} ON migration.${on}`);
    }
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS migration.idx_discovery_runs_lease');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_discovery_runs_lease
        ON migration.discovery_runs (lease_expires_at) WHERE status IN ('queued', 'running')`);
    for (const { name } of [...INDEXES].reverse()) {
      await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS migration.${name}`);
    }
  }
}
