import type { TenantTx } from '../database/tenant-database';

const IDLE_MS = 60_000;

/**
 * Nobody has counted how many links are broken, and the planner takes them for a few: joined in nested loops, many would
 * take hours. Hashed, the plan takes as long as the tenant is large.
 */
export async function prepareForPlan(tx: TenantTx, statement_ms: number): Promise<void> {
  await tx.limit({ statement_ms, idle_ms: IDLE_MS });
  await tx.planForThisTenant();
  await tx.control('SET LOCAL enable_nestloop = off');
  await tx.control(`SET LOCAL work_mem = '64MB'`);
}
