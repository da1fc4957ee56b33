import type { MigrationInterface, QueryRunner } from 'typeorm';
import { raiseWall } from './tenant-wall';

/** The worst health of a tenant in each hour, so that one can see afterwards when it broke. */
export class KeepHealthHistory1764400300000 implements MigrationInterface {
  name = 'KeepHealthHistory1764400300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE migration.wiring_health_history (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        id uuid NOT NULL,
        hour timestamptz NOT NULL,
        checked_at timestamptz NOT NULL,
        health_status text NOT NULL,
        metrics jsonb NOT NULL,
        CONSTRAINT pk_wiring_health_history PRIMARY KEY (client_account_id, id),
        CONSTRAINT ck_wiring_health_history_health_status
          CHECK (health_status IN ('healthy', 'degraded', 'unhealthy'))
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX uq_wiring_health_history_hour
        ON migration.wiring_health_history (client_account_id, engagement_id, hour)`);

    // An hour stays the hour of its row, and the service deletes those that are too old.
    await raiseWall(
      runner,
      'wiring_health_history',
      'SELECT, INSERT, UPDATE (checked_at, health_status, metrics), DELETE',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE migration.wiring_health_history');
  }
}
