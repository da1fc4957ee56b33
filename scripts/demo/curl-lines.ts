import type { Tenant } from '../../src/tenancy/tenant';
import { curlCommand } from '../client/curl-command';

interface Trail {
  /** Where `npm start` serves. */
  origin: string;
  tenant: Tenant;
  asset_id: string;
  data_import_id: string;
}

/** Three requests that lead on from what the demo has shown. */
export function curlLines({ origin, tenant, asset_id, data_import_id }: Trail): string[] {
  const api = `${origin}/api/v1`;
  return [
    curlCommand(tenant, `${api}/unified-discovery/assets?page_size=3`),
    curlCommand(tenant, `${api}/unified-discovery/assets/${asset_id}/lineage`),
    curlCommand(tenant, `${api}/data-imports/${data_import_id}/rejects`, { accept: 'text/csv' }),
  ];
}
