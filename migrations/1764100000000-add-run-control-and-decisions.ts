import type { QueryRunner } from 'typeorm';
import { tableLocks } from '../src/database/locking/table-locks';
import type { LockingMigration } from './locking-migration';

/**
 * What a run needs to be steered, to say how it decided about a row, and to answer the same request once. New columns
 * are nullable or have a constant default, so no row is rewritten and no lock is held for longer than a moment.
 */
export class AddRunControlAndDecisions1764100000000 implements LockingMigration {
  name = 'AddRunControlAndDecisions1764100000000';
  locks = tableLocks('AccessExclusiveLock', ['raw_import_records', 'data_imports', 'discovery_runs']);

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE migration.raw_import_records
        ADD COLUMN discovery_run_id uuid,
        ADD COLUMN decision jsonb,
        ADD COLUMN corrected_by uuid`);
    await runner.query(`ALTER TABLE migration.data_imports ADD COLUMN corrects_import_id uuid`);
    await runner.query(`
      ALTER TABLE migration.discovery_runs
        ADD COLUMN conflict_policy text NOT NULL DEFAULT 'keep_existing',
        ADD COLUMN identity_rule jsonb NOT NULL DEFAULT '["hostname", "fqdn", "ip_address", "name+asset_type"]',
        ADD COLUMN requested text,
        ADD COLUMN stalls integer NOT NULL DEFAULT 0,
        ADD COLUMN active_ms bigint NOT NULL DEFAULT 0,
        ADD CONSTRAINT ck_discovery_runs_conflict_policy
          CHECK (conflict_policy IN ('keep_existing', 'merge', 'replace')) NOT VALID,
        ADD CONSTRAINT ck_discovery_runs_requested CHECK (requested IN ('pause', 'cancel')) NOT VALID`);
    await runner.query(`
      CREATE TABLE migration.idempotency_keys (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        key text NOT NULL,
        fingerprint text NOT NULL,
        status text NOT NULL,
        lease_owner uuid,
        lease_expires_at timestamptz,
        progress jsonb,
        response_status integer,
        response_location text,
        response_body text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_idempotency_keys PRIMARY KEY (client_account_id, engagement_id, key),
        CONSTRAINT ck_idempotency_keys_status CHECK (status IN ('running', 'done'))
      )`);
    // Old keys are pruned by their tenant's next request.
    await runner.query(`
      CREATE INDEX idx_idempotency_keys_tenant_created
        ON migration.idempotency_keys (client_account_id, engagement_id, created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE migration.idempotency_keys`);
    await runner.query(`
      ALTER TABLE migration.discovery_runs
        DROP COLUMN conflict_policy, DROP COLUMN identity_rule, DROP COLUMN requested, DROP COLUMN stalls,
        DROP COLUMN active_ms`);
    await runner.query(`ALTER TABLE migration.data_imports DROP COLUMN corrects_import_id`);
    await runner.query(`
      ALTER TABLE migration.raw_import_records
        DROP COLUMN discovery_run_id, DROP COLUMN decision, DROP COLUMN corrected_by`);
  }
}
