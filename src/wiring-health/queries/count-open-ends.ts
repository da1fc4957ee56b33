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
 * idx_raw_import_tenant_processed.
 */
export async function countOpenEnds(tx: TenantTx): Promise<OpenEnds> {
  const [counts] = await tx.rows<OpenEnds>(
    `SELECT (SELECT count(*)::int FROM migration.assets a
              WHERE a.client_account_id = $1 AND a.engagement_id = $2
                AND a.discovery_method = 'flow_based' AND a.discovery_flow_id IS NULL)
              AS flow_based_assets_missing_discovery_flow_id,
            (SELECT count(*)::int FROM migration.assets a
              WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND a.discovery_flow_id IS NULL)
              AS all_assets_missing_discovery_flow_id,
            (SELECT count(*)::int FROM migration.raw_import_records r
              WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND NOT r.is_processed AND r.is_valid)
              AS unprocessed_raw_records`,
  );
  if (!counts) throw new Error('a statement of scalar counts answers one row');
  return counts;
}
