import type { Client } from 'pg';
import type { Tenant } from '../../src/tenancy/tenant';
import type { Recorded } from '../walls/statement-recorder';
import { functionBodies } from './function-bodies';
import type { Statement } from './statement';

export interface PlannedStatement extends Statement {
  /** Where it is sent from. */
  file: string;
  /** The function that it stands in. */
  within: string | null;
}

const DISTINCT = (statement: PlannedStatement) =>
  JSON.stringify([statement.file, statement.sql, statement.values, statement.planning]);

/** What has a plan of those that were recorded, and the bodies of the functions that they call, each with its values once. */
export async function plannedStatements(
  sql: Client,
  tenant: Tenant,
  recorded: readonly Recorded[],
  tables: Iterable<string>,
): Promise<PlannedStatement[]> {
  const mentions = new RegExp(`\\bmigration"?\\."?(${[...tables].join('|')}|find_\\w+)\\b`);
  const distinct = new Map<string, PlannedStatement>();
  const add = (statement: PlannedStatement) => distinct.set(DISTINCT(statement), statement);
  for (const { file, sql: text, values, planning } of recorded) {
    if (!mentions.test(text) || text.startsWith('COPY')) continue;
    const statement = { file, sql: text, values, planning, within: null };
    add(statement);
    for (const [within, body] of await functionBodies(sql, tenant, statement)) add({ ...body, file, within });
  }
  return [...distinct.values()];
}
