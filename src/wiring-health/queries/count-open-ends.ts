import type { TenantTx } from '../../database/tenant-database';
import type { Metrics } from '../wiring-checks';

type OpenEnds = Pick<
  Metrics,
  | 'flow_based_assets_missing_discovery_flow_id'
  | 'all_assets_missing_discovery_flow_id'
  | 'unprocessed_raw_records'
>;

/**
 * What no key can prove: missing pointers and undecided rows. Each count reads only what it counts, by
 * idx_assets_tenant_discovery, idx_assets_flow_page (NULLs have their place in it) and
 * idx_raw_import_tenant_processed. Of a run that has just ended the statistics may say that most records are open, so that all of
 * them would be read to find that none is: between two values that the planner does not know it expects few, whatever they say.
 * It is planned for any tenant: of one that came after the last ANALYZE the planner would expect no rows and read all of them.
 * The index still has an entry for each record that was open once. An index scan marks those as dead when it has met them,
 * and a bitmap scan meets them again each time, until the next vacuum.
 */
export async function countOpenEnds(tx: TenantTx): Promise<OpenEnds> {
  await tx.control('SET LOCAL enable_bitmapscan = off');
  const [counts] = await tx.rows<OpenEnds>(
    `SELECT (SELECT count(*)::int FROM migration.assets a
              WHERE a.client_account_id = $1 AND a.engagement_id = $2
                AND a.discovery_method = 'flow_based' AND a.discovery_flow_id IS NULL)
              AS flow_based_assets_missing_discovery_flow_id,
            (SELECT count(*)::int FROM migration.assets a
              WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND a.discovery_flow_id IS NULL)
              AS all_assets_missing_discovery_flow_id,
            (SELECT count(*)::int FROM migration.raw_import_records r
              WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.is_valid
                AND r.is_processed BETWEEN (SELECT false) AND (SELECT false))
              AS unprocessed_raw_records`,
  );
  if (!counts) throw new Error('a statement of scalar counts answers one row');
  return counts;
}
