import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The two tenant columns depend on each other: without extended statistics the planner's estimates for one
 * engagement are off by half. A run rewrites every raw record once, and the link check reads indexes only where
 * the visibility map is fresh, so vacuum has to follow bulk writes closely.
 */
export class TuneStatisticsAndVacuum1764000400000 implements MigrationInterface {
  name = 'TuneStatisticsAndVacuum1764000400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['assets', 'raw_import_records']) {
      await runner.query(`
        CREATE STATISTICS migration.st_${table}_tenant (ndistinct, dependencies, mcv)
          ON client_account_id, engagement_id FROM migration.${table}`);
      await runner.query(`
        ALTER TABLE migration.${table} SET (
          autovacuum_vacuum_scale_factor = 0.02,
          autovacuum_vacuum_insert_scale_factor = 0.05,
          autovacuum_analyze_scale_factor = 0.02)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['assets', 'raw_import_records']) {
      await runner.query(`DROP STATISTICS migration.st_${table}_tenant`);
      await runner.query(`
        ALTER TABLE migration.${table} RESET (
          autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor)`);
    }
  }
}
