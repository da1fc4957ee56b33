import type { QueryRunner } from 'typeorm';
import { INGEST_ROLE, SERVICE_ROLE } from '../src/database/roles';
import { raiseWall, takeWallDown } from './tenant-wall';
import { tableLocks } from '../src/database/locking/table-locks';
import type { LockingMigration } from './locking-migration';

/** Table → what the service may do with its rows. Raw records come in by the other role's COPY alone. */
const TABLES = {
  crewai_flow_state_extensions: 'SELECT, INSERT, UPDATE',
  data_imports: 'SELECT, INSERT, UPDATE',
  raw_import_records: 'SELECT, UPDATE',
  discovery_flows: 'SELECT, INSERT, UPDATE',
  import_field_mappings: 'SELECT, INSERT, UPDATE',
  learned_field_mappings: 'SELECT, INSERT, UPDATE',
  assets: 'SELECT, INSERT, UPDATE',
  discovery_runs: 'SELECT, INSERT, UPDATE',
  discovery_run_chunks: 'SELECT, INSERT, UPDATE',
  idempotency_keys: 'SELECT, INSERT, UPDATE, DELETE',
} as const;

/** What the service needs and may not do itself: each is one fixed statement, run as the owner. */
const FUNCTIONS = ['find_stalled_runs(timestamptz)', 'refresh_statistics()'];

/**
 * Row-level security on every tenant table, forced, so that it binds the owner as well; and what the service's roles may
 * do. Roles belong to the whole server: another database of it may have made them already, or may be doing so now.
 * Every step is an entry in the catalogue; each ALTER TABLE takes ACCESS EXCLUSIVE for a moment.
 */
export class RaiseTenantWalls1764300000000 implements LockingMigration {
  name = 'RaiseTenantWalls1764300000000';
  locks = tableLocks('AccessExclusiveLock', Object.keys(TABLES));

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(createRole(SERVICE_ROLE, 'NOBYPASSRLS'));
    await runner.query(createRole(INGEST_ROLE, 'BYPASSRLS'));
    await runner.query(`GRANT USAGE ON SCHEMA migration TO ${SERVICE_ROLE}, ${INGEST_ROLE}`);
    await runner.query(`GRANT SELECT ON migration.typeorm_migrations TO ${SERVICE_ROLE}`);
    for (const [table, privileges] of Object.entries(TABLES)) await raiseWall(runner, table, privileges);
    await runner.query(`GRANT INSERT ON migration.raw_import_records TO ${INGEST_ROLE}`);
    await runner.query(`
      CREATE FUNCTION migration.find_stalled_runs(at timestamptz)
        RETURNS TABLE (client_account_id uuid, engagement_id uuid, run_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
      AS $$
        SELECT r.client_account_id, r.engagement_id, r.id
          FROM migration.discovery_runs r
         WHERE r.status IN ('queued', 'running', 'paused') AND r.lease_expires_at < at
         ORDER BY r.lease_expires_at LIMIT 100
      $$`);
    await runner.query(`
      CREATE FUNCTION migration.refresh_statistics() RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
      AS $$
      DECLARE
        grown name;
      BEGIN
        FOR grown IN
          SELECT c.relname
            FROM pg_class c
           WHERE c.relnamespace = 'migration'::regnamespace AND c.relname IN ('assets', 'raw_import_records')
             AND (pg_relation_size(c.oid) > 2 * c.relpages::bigint * current_setting('block_size')::int
                  -- Analysed while all of its rows, or most, were not committed yet.
                  OR (c.reltuples <= 0 AND pg_relation_size(c.oid) > 0)
                  OR pg_stat_get_mod_since_analyze(c.oid) > greatest(c.reltuples, 1000))
        LOOP
          EXECUTE format('ANALYZE (SKIP_LOCKED) migration.%I', grown);
        END LOOP;
      END
      $$`);
    for (const signature of FUNCTIONS) {
      await runner.query(`REVOKE ALL ON FUNCTION migration.${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION migration.${signature} TO ${SERVICE_ROLE}`);
    }
  }

  /** The roles stay: other databases of the server may use them. */
  async down(runner: QueryRunner): Promise<void> {
    for (const signature of FUNCTIONS) await runner.query(`DROP FUNCTION migration.${signature}`);
    await runner.query(`REVOKE INSERT ON migration.raw_import_records FROM ${INGEST_ROLE}`);
    for (const table of Object.keys(TABLES)) await takeWallDown(runner, table);
    await runner.query(`REVOKE SELECT ON migration.typeorm_migrations FROM ${SERVICE_ROLE}`);
    await runner.query(`REVOKE USAGE ON SCHEMA migration FROM ${SERVICE_ROLE}, ${INGEST_ROLE}`);
  }
}

/** Whoever migrates becomes a member, so that a service that migrates at its start can go on with the same login. */
function createRole(role: string, bypass: 'BYPASSRLS' | 'NOBYPASSRLS'): string {
  return `
    DO $$
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
        BEGIN
          CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE ${bypass};
        EXCEPTION
          WHEN duplicate_object OR unique_violation THEN
            NULL;
          WHEN insufficient_privilege THEN
            RAISE EXCEPTION 'the role ${role} is missing and % may not make it; a superuser has to say '
              'CREATE ROLE ${role} NOLOGIN ${bypass}; GRANT ${role} TO %;', session_user, session_user;
        END;
      END IF;
      IF NOT pg_has_role(session_user, '${role}', 'MEMBER') THEN
        BEGIN
          EXECUTE format('GRANT ${role} TO %I', session_user);
        EXCEPTION WHEN insufficient_privilege THEN
          -- Somebody else made the role; whoever only migrates need not be a member.
          NULL;
        END;
      END IF;
    END
    $$`;
}
