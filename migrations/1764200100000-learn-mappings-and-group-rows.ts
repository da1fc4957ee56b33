import type { QueryRunner } from 'typeorm';
import { tableLocks } from '../src/database/locking/table-locks';
import type { LockingMigration } from './locking-migration';

/**
 * Which mappings a tenant has approved, by source and header, and which rows of a file became one record. The new
 * columns are nullable: no row is rewritten.
 */
export class LearnMappingsAndGroupRows1764200100000 implements LockingMigration {
  name = 'LearnMappingsAndGroupRows1764200100000';
  locks = tableLocks('AccessExclusiveLock', ['raw_import_records', 'data_imports']);

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE migration.learned_field_mappings (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        source text NOT NULL,
        header_key text NOT NULL,
        header text NOT NULL,
        target_field text,
        approvals integer NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_learned_field_mappings PRIMARY KEY (client_account_id, engagement_id, source, header_key)
      )`);
    await runner.query(`ALTER TABLE migration.data_imports ADD COLUMN grouping jsonb`);
    await runner.query(`ALTER TABLE migration.raw_import_records ADD COLUMN grouped_rows jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE migration.raw_import_records DROP COLUMN grouped_rows`);
    await runner.query(`ALTER TABLE migration.data_imports DROP COLUMN grouping`);
    await runner.query(`DROP TABLE migration.learned_field_mappings`);
  }
}
