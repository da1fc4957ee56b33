import type { Client } from 'pg';
import type { Tenant } from '../../src/tenancy/tenant';
import type { Statement } from './statement';

/** EXPLAIN shows a function as one node. */
const CALL = /\bmigration\.(find_\w+)\(/g;
const KEYS = Array.from({ length: 500 }, (_, n) => `web-${n}`);

/** The statements within the functions that a statement calls, by the function's name, with values of their own. */
export async function functionBodies(
  sql: Client,
  tenant: Tenant,
  caller: Statement,
): Promise<Map<string, Statement>> {
  const bodies = new Map<string, Statement>();
  const given: Record<string, unknown> = { 'text[]': KEYS, 'timestamp with time zone': new Date() };
  for (const [, name = ''] of caller.sql.matchAll(CALL)) {
    const { rows } = await sql.query<{ body: string; types: string; names: string[] | null }>(
      `SELECT prosrc AS body, oidvectortypes(proargtypes) AS types, proargnames AS names
         FROM pg_proc WHERE pronamespace = 'migration'::regnamespace AND proname = $1`,
      [name],
    );
    const { body, types, names } = rows[0]!;
    const ofTenant = [tenant.client_account_id, tenant.engagement_id];
    bodies.set(name, {
      sql: (names ?? []).reduce(
        (text, argument, i) =>
          argument && i < types.split(', ').length
            ? text.replace(new RegExp(`\\b${argument}\\b`), `$${i + 1}`)
            : text,
        body,
      ),
      values: types.split(', ').map((type) => given[type] ?? ofTenant.shift()),
      planning: caller.planning,
      types,
      ofOwner: true,
    });
  }
  return bodies;
}
