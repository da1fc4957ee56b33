import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SERVICE_ROLE } from '../src/database/roles';
import { raiseWall } from './tenant-wall';

/**
 * What a repair or a backfill does to links: written down whole before the first row changes, so that it does exactly what
 * was agreed to, goes on after a crash, and can be undone. No foreign keys: a journal outlives the rows it tells of.
 */
export class JournalLinkRepairs1764400100000 implements MigrationInterface {
  name = 'JournalLinkRepairs1764400100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE migration.link_repairs (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        id uuid NOT NULL,
        run_id uuid NOT NULL,
        run_hash text NOT NULL,
        plan_hash text NOT NULL,
        status text NOT NULL,
        planned integer NOT NULL,
        applied integer NOT NULL DEFAULT 0,
        skipped integer NOT NULL DEFAULT 0,
        undone integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        finished_at timestamptz,
        due_at timestamptz,
        error text,
        CONSTRAINT pk_link_repairs PRIMARY KEY (client_account_id, id),
        CONSTRAINT ck_link_repairs_status CHECK (status IN ('planned', 'applying', 'applied', 'undoing', 'undone', 'stopped')),
        CONSTRAINT ck_link_repairs_ledger CHECK (applied + skipped <= planned AND undone <= applied)
      )`);
    await runner.query(`
      CREATE INDEX idx_link_repairs_run ON migration.link_repairs (client_account_id, engagement_id, run_id)`);
    await runner.query(`
      CREATE INDEX idx_link_repairs_due ON migration.link_repairs (due_at) WHERE due_at IS NOT NULL`);
    await runner.query(`
      CREATE FUNCTION migration.find_stalled_repairs(at timestamptz)
        RETURNS TABLE (client_account_id uuid, engagement_id uuid, repair_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
      AS $$
        SELECT r.client_account_id, r.engagement_id, r.id
          FROM migration.link_repairs r
         WHERE r.due_at < at
         ORDER BY r.due_at LIMIT 100
      $$`);
    await runner.query(`REVOKE ALL ON FUNCTION migration.find_stalled_repairs(timestamptz) FROM PUBLIC`);
    await runner.query(
      `GRANT EXECUTE ON FUNCTION migration.find_stalled_repairs(timestamptz) TO ${SERVICE_ROLE}`,
    );
    await runner.query(`
      CREATE TABLE migration.link_repair_changes (
        client_account_id uuid NOT NULL,
        engagement_id uuid NOT NULL,
        repair_id uuid NOT NULL,
        table_name text NOT NULL,
        row_id uuid NOT NULL,
        unit integer NOT NULL,
        rules jsonb NOT NULL,
        old jsonb NOT NULL,
        new jsonb NOT NULL,
        old_times jsonb,
        applied_at timestamptz,
        state text NOT NULL DEFAULT 'planned',
        CONSTRAINT pk_link_repair_changes PRIMARY KEY (client_account_id, repair_id, unit, table_name, row_id),
        CONSTRAINT ck_link_repair_changes_state CHECK (state IN ('planned', 'applied', 'skipped', 'undone', 'kept'))
      )`);
    // A batch is a range of units, and it is worked on before there are statistics: every index that begins with the
    // repair goes on with the units, or the planner would take another that reads the whole journal for each batch.
    await runner.query(`
      CREATE INDEX idx_link_repair_changes_next
        ON migration.link_repair_changes (client_account_id, engagement_id, repair_id, state, unit)`);
    await raiseWall(runner, 'link_repairs', 'SELECT, INSERT, UPDATE');
    await raiseWall(runner, 'link_repair_changes', 'SELECT, INSERT, UPDATE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION migration.find_stalled_repairs(timestamptz)');
    await runner.query('DROP TABLE migration.link_repair_changes');
    await runner.query('DROP TABLE migration.link_repairs');
  }
}
