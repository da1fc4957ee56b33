import type { DataSource } from 'typeorm';
import type { AdvanceRepair } from './enqueue-repair';

/**
 * Repairs that the service works on and of which nothing was heard for a lease. Read across tenants, by a function of
 * the owner's that hands out ids alone. Served by idx_link_repairs_due.
 */
export function findStalledRepairs(dataSource: DataSource, at: Date): Promise<AdvanceRepair[]> {
  return dataSource.query<AdvanceRepair[]>(
    'SELECT s.client_account_id, s.engagement_id, s.repair_id FROM migration.find_stalled_repairs($1) s',
    [at],
  );
}
