import type { QueryRunner } from 'typeorm';
import { SERVICE_ROLE } from '../src/database/roles';

/**
 * The tenant that a transaction has named. Written plainly: inside a sub-select the planner could not tell how few rows
 * it lets through. A setting that was local to a transaction that has ended is an empty text, not null.
 */
export const named = (setting: string) => `nullif(current_setting('app.${setting}', true), '')::uuid`;

/**
 * Rows of the table are seen, written and changed by nobody but a transaction that has named their tenant, and the
 * service may do with them what `privileges` lists.
 */
export async function raiseWall(runner: QueryRunner, table: string, privileges: string): Promise<void> {
  await runner.query(`
    CREATE POLICY tenant_wall ON migration.${table}
      USING (client_account_id = ${named('client_account_id')} AND engagement_id = ${named('engagement_id')})`);
  await runner.query(`ALTER TABLE migration.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
  await runner.query(`GRANT ${privileges} ON migration.${table} TO ${SERVICE_ROLE}`);
}

export async function takeWallDown(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`REVOKE ALL ON migration.${table} FROM ${SERVICE_ROLE}`);
  await runner.query(
    `ALTER TABLE migration.${table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY`,
  );
  await runner.query(`DROP POLICY tenant_wall ON migration.${table}`);
}
