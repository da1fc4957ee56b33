import type { Tenant } from '../../src/tenancy/tenant';

interface Trail {
  /** Where `npm start` serves. */
  origin: string;
  tenant: Tenant;
  asset_id: string;
  data_import_id: string;
}

/** Three requests that lead on from what the demo has shown. */
export function curlLines({ origin, tenant, asset_id, data_import_id }: Trail): string[] {
  const curl = `curl -sS -H 'X-Client-Account-Id: ${tenant.client_account_id}' -H 'X-Engagement-Id: ${tenant.engagement_id}'`;
  const api = `${origin}/api/v1`;
  return [
    `${curl} '${api}/unified-discovery/assets?page_size=3'`,
    `${curl} '${api}/unified-discovery/assets/${asset_id}/lineage'`,
    `${curl} -H 'Accept: text/csv' '${api}/data-imports/${data_import_id}/rejects'`,
  ];
}
