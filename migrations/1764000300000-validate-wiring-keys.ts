import type { MigrationInterface, QueryRunner } from 'typeorm';
import { WIRING_KEYS } from '../src/database/wiring-keys';
import { OTHER_KEYS } from './1764000200000-add-wiring-keys';

/** VALIDATE reads the table under a lock that lets writers go on. It is a migration of its own for that reason. */
export class ValidateWiringKeys1764000300000 implements MigrationInterface {
  name = 'ValidateWiringKeys1764000300000';

  async up(runner: QueryRunner): Promise<void> {
    for (const { name, table } of [...WIRING_KEYS, ...OTHER_KEYS]) {
      await runner.query(`ALTER TABLE migration.${table} VALIDATE CONSTRAINT ${name}`);
    }
  }

  /** A key cannot be made NOT VALID again in place: it is dropped and added anew. */
  async down(runner: QueryRunner): Promise<void> {
    for (const { name, table, definition } of [...WIRING_KEYS, ...OTHER_KEYS]) {
      await runner.query(`ALTER TABLE migration.${table} DROP CONSTRAINT IF EXISTS ${name}`);
      await runner.query(`ALTER TABLE migration.${table} ADD CONSTRAINT ${name} ${definition} NOT VALID`);
    }
  }
}
