import type { MigrationInterface, QueryRunner } from 'typeorm';

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

    // ---- TENANT WALLS: adapt with 1764300000000-raise-tenant-walls -------------------------------------------------
    // The service may add events and read its tenant's; it has no right to change or delete one, and none at all on
    // schema_audit_events. ENABLE and FORCE come with the roles, since without the tenant's settings nothing is seen.
    await runner.query(`
      DO $$
      BEGIN
        IF to_regrole('discovery_wiring_service') IS NULL THEN RETURN; END IF;
        GRANT SELECT, INSERT ON migration.audit_events TO discovery_wiring_service;
        ALTER TABLE migration.audit_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant_reads_own_events ON migration.audit_events FOR SELECT TO discovery_wiring_service
          USING (client_account_id = nullif(current_setting('app.client_account_id', true), '')::uuid
                 AND engagement_id = nullif(current_setting('app.engagement_id', true), '')::uuid);
        CREATE POLICY tenant_adds_own_events ON migration.audit_events FOR INSERT TO discovery_wiring_service
          WITH CHECK (client_account_id = nullif(current_setting('app.client_account_id', true), '')::uuid
                      AND engagement_id = nullif(current_setting('app.engagement_id', true), '')::uuid);
      END $$`);
    // ---- end of TENANT WALLS ---------------------------------------------------------------------------------------
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE migration.schema_audit_events');
    await runner.query('DROP TABLE migration.audit_events');
  }
}
