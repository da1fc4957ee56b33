import { type Client, escapeLiteral } from 'pg';
import { prepareValue } from 'pg/lib/utils';
import { SERVICE_ROLE } from '../../src/database/roles';
import type { Tenant } from '../../src/tenancy/tenant';
import type { PlanNode } from './plan-node';

export interface Explained {
  /** As EXPLAIN writes it, without costs. */
  text: string;
  /** With estimates, and with what was read where the statement could be carried out. */
  root: PlanNode;
  executed: boolean;
}

/** Plans a statement as the service does, carries it out and takes back what it did. */
export async function explain(
  sql: Client,
  tenant: Tenant,
  statement: { sql: string; values: unknown[]; planning: string[]; owner?: boolean },
): Promise<Explained> {
  // A value goes as text and takes the type that the statement gives it, as it does on the way from the service.
  const values = statement.values.map((value) => {
    const text = prepareValue(value) as string | null;
    return text === null ? 'NULL' : escapeLiteral(String(text));
  });
  const execute = `EXECUTE explained${values.length > 0 ? `(${values.join(', ')})` : ''}`;
  const plan = async (how: string) => {
    const { rows } = await sql.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (${how}, FORMAT JSON) ${execute}`);
    return rows[0]!['QUERY PLAN'][0].Plan;
  };
  await sql.query('BEGIN');
  try {
    await sql.query(`SET LOCAL jit = off; SET LOCAL app.client_account_id = '${tenant.client_account_id}';
      SET LOCAL app.engagement_id = '${tenant.engagement_id}'; ${statement.planning.join(';')}`);
    if (!statement.owner) await sql.query(`SET LOCAL ROLE ${SERVICE_ROLE}`);
    await sql.query(`PREPARE explained AS ${statement.sql}`);
    const lines = await sql.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${execute}`);
    const text = lines.rows.map((row) => row['QUERY PLAN']).join('\n');
    const estimated = await plan('COSTS ON');
    const root = await sql.query('SAVEPOINT planned').then(() => plan('ANALYZE, TIMING OFF, BUFFERS OFF')).catch(() => null);
    return { text, root: root ?? estimated, executed: root !== null };
  } finally {
    await sql.query('ROLLBACK');
    await sql.query('DEALLOCATE ALL');
  }
}
