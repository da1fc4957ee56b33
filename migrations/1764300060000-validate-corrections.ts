import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reads every import under a lock that lets writers go on. */
export class ValidateCorrections1764300060000 implements MigrationInterface {
  name = 'ValidateCorrections1764300060000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE migration.data_imports VALIDATE CONSTRAINT fk_data_imports_corrects_import',
    );
  }

  /** The key that is valid is dropped by the migration that added it. */
  down(): Promise<void> {
    return Promise.resolve();
  }
}
