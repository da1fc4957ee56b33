import type { Client } from 'pg';
import { SERVICE_ROLE } from '../../src/database/roles';
import type { Tenant } from '../../src/tenancy/tenant';
import type { Recorded } from './statement-recorder';

export interface Replay {
  /** Whom the transaction names for the policies. */
  named: Tenant;
  /** Whom the statement's own parameters name. */
  bound: Tenant;
  /** Whether row-level security holds: as the service, or as one who gets round it. */
  secured: boolean;
  /** Whether the statement has lost its tenant predicates. */
  stripped: boolean;
}

const PREDICATE = /((?:"?\w+"?\.)?"?(?:client_account_id|engagement_id)"?) = \$(\d+)/g;
const JOIN = /\b\w+\.(client_account_id|engagement_id) = \w+\.\1\b/g;

/** The statement without what it says of its tenant. PostgreSQL wants each parameter to be used, with a type. */
export function strip(sql: string): string {
  return sql.replace(PREDICATE, '$$$2::uuid IS NOT NULL').replace(JOIN, 'true');
}

/** By number, the parameters that name the tenant: $1 and $2, but where TypeORM has written the statement. */
export function tenantParameters(sql: string): { client_account_id: number; engagement_id: number } {
  const number = (column: string) => Number(new RegExp(`"\\."${column}" = \\$(\\d+)`).exec(sql)?.[1]);
  return {
    client_account_id: number('client_account_id') || 1,
    engagement_id: number('engagement_id') || 2,
  };
}

/**
 * Sends a recorded statement once more, for another tenant, and takes back what it did.
 * @returns its rows in any order and how many it wrote, or the code of its error.
 */
export async function replay(sql: Client, recorded: Recorded, how: Replay): Promise<string> {
  const values = [...recorded.values];
  const numbers = tenantParameters(recorded.sql);
  values[numbers.client_account_id - 1] = how.bound.client_account_id;
  values[numbers.engagement_id - 1] = how.bound.engagement_id;
  await sql.query('BEGIN');
  try {
    await sql.query(`SET LOCAL app.client_account_id = '${how.named.client_account_id}'`);
    await sql.query(`SET LOCAL app.engagement_id = '${how.named.engagement_id}'`);
    if (how.secured) await sql.query(`SET LOCAL ROLE ${SERVICE_ROLE}`);
    const { rows, rowCount } = await sql.query<object>(
      how.stripped ? strip(recorded.sql) : recorded.sql,
      values,
    );
    return JSON.stringify({ rowCount, rows: rows.map((row) => JSON.stringify(row)).sort() });
  } catch (error) {
    return `error ${(error as { code?: string }).code ?? String(error)}`;
  } finally {
    await sql.query('ROLLBACK');
  }
}
