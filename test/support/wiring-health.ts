import type { TestService } from './test-service';
import { TenantRows } from './wiring';

/** Every metric of the contract, in its order, with its severity. */
export const SEVERITIES = {
  flow_based_assets_missing_discovery_flow_id: 'error',
  all_assets_missing_discovery_flow_id: 'info',
  assets_with_orphan_raw_import_ref: 'error',
  raw_records_with_orphan_asset_ref: 'error',
  assets_with_orphan_discovery_flow_ref: 'error',
  asymmetric_links: 'error',
  unprocessed_raw_records: 'warning',
} as const;

export type Metric = keyof typeof SEVERITIES;
export const METRICS = Object.keys(SEVERITIES) as Metric[];
export const NONE = Object.fromEntries(METRICS.map((name) => [name, 0])) as Record<Metric, number>;
export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A tenant of its own: its rows, written past the service, and its health. */
export function openTenant(service: TestService) {
  const client = service.newClient();
  const health = (query = '?refresh=true&detail=true') => client.get(`/health/wiring${query}`);
  return { client, rows: new TenantRows(service.sql, client.tenant), health };
}
