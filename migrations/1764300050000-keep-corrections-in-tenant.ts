import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An import corrects another of its own tenant. Imports are few, so the key is added and validated in one go. */
export class KeepCorrectionsInTenant1764300050000 implements MigrationInterface {
  name = 'KeepCorrectionsInTenant1764300050000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE migration.data_imports ADD CONSTRAINT fk_data_imports_corrects_import
        FOREIGN KEY (client_account_id, engagement_id, corrects_import_id)
        REFERENCES migration.data_imports (client_account_id, engagement_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE migration.data_imports DROP CONSTRAINT fk_data_imports_corrects_import');
  }
}
