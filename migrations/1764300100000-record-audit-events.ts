import type { MigrationInterface, QueryRunner } from 'typeorm';
import { raiseWall } from './tenant-wall';

/**
 * Who changed what, written by the transaction that changes it, and never changed itself. What is done to the schema
 * belongs to no tenant and has a table of its own, which the service cannot see.
 */
export class RecordAuditEvents1764300100000 implements MigrationInterface {
  name = 'RecordAuditEvents1764300100000';

  async up(runner: QueryRunner): Promise<void> {
    // No foreign keys: an event outlives what it tells of.
    await runner.query(`
      CREATE TABLE migration.audit_events (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        id uuid NOT NULL,
        at timestamptz NOT NULL,
        subject text,
        action text NOT NULL,
        target_type text NOT NULL,
        target_id uuid NOT NULL,
        counts jsonb NOT NULL,
        details jsonb NOT NULL,
        request_id text,
        CONSTRAINT pk_audit_events PRIMARY KEY (client_account_id, id)
      )`);
    await runner.query(`
      CREATE INDEX idx_audit_events_tenant_at
        ON migration.audit_events (client_account_id, engagement_id, at DESC, id DESC)`);
    await runner.query(`
      CREATE TABLE migration.schema_audit_events (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_schema_audit_events PRIMARY KEY,
        at timestamptz NOT NULL,
        database_user text NOT NULL,
        action text NOT NULL,
        detail jsonb NOT NULL
      )`);

    // The service adds events and reads its tenant's; it may neither change nor delete one.
    await raiseWall(runner, 'audit_events', 'SELECT, INSERT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE migration.schema_audit_events');
    await runner.query('DROP TABLE migration.audit_events');
  }
}
