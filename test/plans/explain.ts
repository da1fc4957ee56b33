import { type Client, DatabaseError, escapeLiteral } from 'pg';
import { SERVICE_ROLE } from '../../src/database/roles';
import type { Tenant } from '../../src/tenancy/tenant';
import type { PlanNode } from './plan-node';
import type { Statement } from './statement';

export interface Explained {
  /** As EXPLAIN writes it, without costs. */
  text: string;
  /** With estimates. */
  planned: PlanNode;
  /** With what was read; null where it was not carried out, or could not be: the rows that it inserts are there. */
  carriedOut: PlanNode | null;
}

/** SQLSTATE, class: an INSERT is not carried out a second time. */
const INTEGRITY = '23';

interface How {
  carryOut: boolean;
  /** Sent first, by the owner. */
  first?: string;
}

/** As the service has it, and what else a server may be set to otherwise: PostgreSQL's own defaults. */
const SERVER = `
  SET LOCAL jit = off; SET LOCAL random_page_cost = 4; SET LOCAL effective_cache_size = '4GB'; SET LOCAL work_mem = '4MB';
  SET LOCAL statement_timeout = '20s'`;

/** Plans a statement as the service does, and takes back what was done. */
export async function explain(
  sql: Client,
  tenant: Tenant,
  statement: Statement,
  { carryOut, first = '' }: How,
): Promise<Explained> {
  const values = await literals(sql, statement.values);
  const execute = `EXECUTE explained${values.length > 0 ? `(${values.join(', ')})` : ''}`;
  const asJson = async (how: string) => {
    const { rows } = await sql.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (${how}, FORMAT JSON) ${execute}`,
    );
    return rows[0]!['QUERY PLAN'][0].Plan;
  };
  await sql.query(`BEGIN; ${first}`);
  try {
    await sql.query(
      `${SERVER}; SET LOCAL app.client_account_id = '${tenant.client_account_id}';
       SET LOCAL app.engagement_id = '${tenant.engagement_id}'; ${statement.planning.join('; ')}`,
    );
    if (!statement.ofOwner) await sql.query(`SET LOCAL ROLE ${SERVICE_ROLE}`);
    await sql.query(`PREPARE explained${statement.types ? `(${statement.types})` : ''} AS ${statement.sql}`);
    const { rows } = await sql.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${execute}`);
    return {
      text: rows.map((row) => row['QUERY PLAN']).join('\n'),
      planned: await asJson('COSTS ON'),
      carriedOut: carryOut
        ? await asJson('ANALYZE, TIMING OFF, BUFFERS OFF').catch((error: unknown) => {
            if (error instanceof DatabaseError && error.code?.startsWith(INTEGRITY)) return null;
            throw error;
          })
        : null,
    };
  } finally {
    await sql.query('ROLLBACK; DEALLOCATE ALL');
  }
}

/** A value goes as text and takes the type that the statement gives it, as it does on the way from the service. */
async function literals(sql: Client, values: unknown[]): Promise<string[]> {
  const texts = values.map((_, i) => `$${i + 1}::text`).join(', ');
  const { rows } = await sql.query<(string | null)[]>({ text: `SELECT ${texts}`, values, rowMode: 'array' });
  return rows[0]!.map((text) => (text === null ? 'NULL' : escapeLiteral(text)));
}
