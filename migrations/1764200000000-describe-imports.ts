import type { QueryRunner } from 'typeorm';
import { tableLocks } from '../src/database/locking/table-locks';
import type { LockingMigration } from './locking-migration';

/** How a file was read, and what was found in it. The columns are nullable or have a constant default: no row is rewritten. */
export class DescribeImports1764200000000 implements LockingMigration {
  name = 'DescribeImports1764200000000';
  locks = tableLocks('AccessExclusiveLock', ['data_imports']);

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE migration.data_imports
        ADD COLUMN source text,
        ADD COLUMN detected jsonb,
        ADD COLUMN reading jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN warnings jsonb NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE migration.data_imports
        DROP COLUMN source, DROP COLUMN detected, DROP COLUMN reading, DROP COLUMN warnings`);
  }
}
