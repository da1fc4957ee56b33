import type { QueryRunner } from 'typeorm';
import { tableLocks } from '../src/database/locking/table-locks';
import type { LockingMigration } from './locking-migration';

/** An import corrects another of its own tenant. NOT VALID binds new rows at once; the next migration validates. */
export class KeepCorrectionsInTenant1764300050000 implements LockingMigration {
  name = 'KeepCorrectionsInTenant1764300050000';
  locks = tableLocks('ShareRowExclusiveLock', ['data_imports']);

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE migration.data_imports ADD CONSTRAINT fk_data_imports_corrects_import
        FOREIGN KEY (client_account_id, engagement_id, corrects_import_id)
        REFERENCES migration.data_imports (client_account_id, engagement_id, id) NOT VALID`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE migration.data_imports DROP CONSTRAINT fk_data_imports_corrects_import');
  }
}
