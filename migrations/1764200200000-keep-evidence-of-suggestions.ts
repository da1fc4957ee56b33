import type { QueryRunner } from 'typeorm';
import { tableLocks } from '../src/database/locking/table-locks';
import type { LockingMigration } from './locking-migration';

/** What speaks for a suggested mapping and against it. The default is constant: no row is rewritten. */
export class KeepEvidenceOfSuggestions1764200200000 implements LockingMigration {
  name = 'KeepEvidenceOfSuggestions1764200200000';
  locks = tableLocks('AccessExclusiveLock', ['import_field_mappings']);

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE migration.import_field_mappings ADD COLUMN evidence jsonb NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE migration.import_field_mappings DROP COLUMN evidence');
  }
}
