import type { TenantTx } from '../../database/tenant-database';
import { liveAssets } from './live-assets-sql';

/** Reads all of the tenant's entries of idx_assets_total, or those of the flow, and no row. */
export async function countAssets(tx: TenantTx, discovery_flow_id: string | null): Promise<number> {
  const { live, flow } = liveAssets(discovery_flow_id);
  const [count] = await tx.rows<{ total: number }>(`SELECT count(*)::int AS total ${live}`, flow);
  return count?.total ?? 0;
}
