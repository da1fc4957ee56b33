import type { TenantTx } from '../database/tenant-database';
import { NotFoundError } from '../errors/not-found.error';
import { DiscoveryFlow } from './discovery-flow.entity';

/** The flow with this public id. @throws NotFoundError when the tenant has none. */
export async function requireFlow(tx: TenantTx, flow_id: string): Promise<DiscoveryFlow> {
  const flow = await tx.findOne(DiscoveryFlow, { flow_id });
  if (!flow) throw new NotFoundError(`There is no discovery flow ${flow_id}.`);
  return flow;
}
