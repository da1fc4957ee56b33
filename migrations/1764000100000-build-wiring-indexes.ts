import type { MigrationInterface, QueryRunner } from 'typeorm';

/** name → "table (columns)". The first four are the specification's, by name and columns. */
const INDEXES: readonly { name: string; unique: boolean; on: string }[] = [
  {
    name: 'idx_assets_tenant_discovery',
    unique: false,
    on: 'assets (client_account_id, engagement_id, discovery_method, discovery_flow_id)',
  },
  {
    name: 'idx_assets_tenant_raw_import',
    unique: false,
    on: 'assets (client_account_id, engagement_id, raw_import_records_id)',
  },
  {
    name: 'idx_raw_import_tenant_processed',
    unique: false,
    on: 'raw_import_records (client_account_id, engagement_id, is_processed, asset_id)',
  },
  {
    name: 'idx_raw_import_tenant_id',
    unique: false,
    on: 'raw_import_records (client_account_id, engagement_id, id)',
  },
  // The two sides of the raw-asset link: what the symmetric keys refer to, and what makes the link check index-only.
  {
    name: 'uq_assets_link',
    unique: true,
    on: 'assets (client_account_id, engagement_id, raw_import_records_id, id)',
  },
  {
    name: 'uq_raw_import_records_link',
    unique: true,
    on: 'raw_import_records (client_account_id, engagement_id, id, asset_id)',
  },
  // A run claims a range of an import's rows; rejects and record lists read it in order.
  {
    name: 'uq_raw_import_records_row',
    unique: true,
    on: 'raw_import_records (client_account_id, engagement_id, data_import_id, row_number)',
  },
  // The two orders of the asset list.
  {
    name: 'idx_assets_tenant_created',
    unique: false,
    on: 'assets (client_account_id, engagement_id, created_at DESC, id DESC)',
  },
  {
    name: 'idx_assets_tenant_flow_created',
    unique: false,
    on: 'assets (client_account_id, engagement_id, discovery_flow_id, created_at DESC, id DESC)',
  },
];

/**
 * Built CONCURRENTLY, so that a live table takes writes meanwhile; hence without a transaction. An interrupted
 * build leaves an invalid index, which IF NOT EXISTS would take for done: the migration runner rebuilds invalid
 * indexes before it runs this again.
 */
export class BuildWiringIndexes1764000100000 implements MigrationInterface {
  name = 'BuildWiringIndexes1764000100000';
  transaction = false as const;

  async up(runner: QueryRunner): Promise<void> {
    for (const { name, unique, on } of INDEXES) {
      await runner.query(
        `CREATE ${unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY IF NOT EXISTS ${name} ON migration.${on}`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...INDEXES].reverse()) {
      await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS migration.${name}`);
    }
  }
}
