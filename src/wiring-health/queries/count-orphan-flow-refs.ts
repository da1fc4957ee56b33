import type { TenantTx } from '../../database/tenant-database';
import { orphanFlowRefs } from './orphan-flow-refs-sql';

/** Assets whose flow does not exist. */
export async function countOrphanFlowRefs(tx: TenantTx): Promise<number> {
  const [counts] = await tx.rows<{ orphans: number }>(orphanFlowRefs('count(*)::int AS orphans'));
  return counts?.orphans ?? 0;
}
