import type { TenantTx } from '../../database/tenant-database';
import type { MetricName } from '../wiring-checks';
import { BROKEN_LINKS } from './broken-links-sql';
import { orphanFlowRefs } from './orphan-flow-refs-sql';

/** A row that a metric counts: an asset has a name, a raw record a row number; `target_id` is where it points. */
export interface Sample {
  id: string;
  created_at: Date;
  name?: string;
  row_number?: number | null;
  target_id?: string;
}

const ASSETS = `FROM migration.assets a WHERE a.client_account_id = $1 AND a.engagement_id = $2`;
const POINTING_ASSETS = `
  SELECT a.id, a.name, a.created_at, p.target_id FROM asset_pointers p
    JOIN migration.assets a ON a.client_account_id = $1 AND a.engagement_id = $2 AND a.id = p.id`;
const POINTING_RECORDS = `
  SELECT r.id, r.row_number, r.created_at, p.target_id FROM record_pointers p
    JOIN migration.raw_import_records r ON r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = p.id`;

const STATEMENTS: Record<MetricName, string> = {
  flow_based_assets_missing_discovery_flow_id: `
    SELECT a.id, a.name, a.created_at ${ASSETS}
       AND a.discovery_method = 'flow_based' AND a.discovery_flow_id IS NULL LIMIT 5`,
  all_assets_missing_discovery_flow_id: `
    SELECT a.id, a.name, a.created_at ${ASSETS} AND a.discovery_flow_id IS NULL LIMIT 5`,
  assets_with_orphan_raw_import_ref: `WITH ${BROKEN_LINKS} ${POINTING_ASSETS} WHERE p.is_orphan LIMIT 5`,
  raw_records_with_orphan_asset_ref: `WITH ${BROKEN_LINKS} ${POINTING_RECORDS} WHERE p.is_orphan LIMIT 5`,
  assets_with_orphan_discovery_flow_ref: `
    ${orphanFlowRefs('a.id, a.name, a.created_at, a.discovery_flow_id AS target_id')} LIMIT 5`,
  asymmetric_links: `
    WITH ${BROKEN_LINKS}
    SELECT s.* FROM (
      (SELECT a.id, a.name, NULL::int AS row_number, a.created_at, p.target_id FROM asset_pointers p
         JOIN migration.assets a ON a.client_account_id = $1 AND a.engagement_id = $2 AND a.id = p.id
        WHERE NOT p.is_orphan LIMIT 5)
      UNION ALL
      (SELECT r.id, NULL, r.row_number, r.created_at, p.target_id FROM record_pointers p
         JOIN migration.raw_import_records r ON r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = p.id
        WHERE NOT p.is_orphan LIMIT 5)) s
     LIMIT 5`,
  unprocessed_raw_records: `
    SELECT r.id, r.row_number, r.created_at FROM migration.raw_import_records r
     WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND NOT r.is_processed AND r.is_valid LIMIT 5`,
};

/** Up to five of the rows that the metric counts, whichever come first. */
export function sampleBrokenRows(tx: TenantTx, metric: MetricName): Promise<Sample[]> {
  return tx.rows<Sample>(STATEMENTS[metric]);
}
