import type { MigrationInterface, QueryRunner } from 'typeorm';

const ADDED_BEFORE = [
  { table: 'discovery_runs', name: 'ck_discovery_runs_conflict_policy' },
  { table: 'discovery_runs', name: 'ck_discovery_runs_requested' },
  { table: 'data_imports', name: 'fk_data_imports_corrects_import' },
];

/** Reads every row under a lock that lets writers go on; they were added under one that does not. */
export class ValidateLaterConstraints1764300060000 implements MigrationInterface {
  name = 'ValidateLaterConstraints1764300060000';

  async up(runner: QueryRunner): Promise<void> {
    for (const { table, name } of ADDED_BEFORE) {
      await runner.query(`ALTER TABLE migration.${table} VALIDATE CONSTRAINT ${name}`);
    }
  }

  /** They are dropped, valid or not, by the migrations that added them. */
  down(): Promise<void> {
    return Promise.resolve();
  }
}
