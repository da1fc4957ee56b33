import type { Tenant } from '../../src/tenancy/tenant';

/** A request as a line for the shell. */
export function curlCommand(tenant: Tenant, url: string, { accept }: { accept?: string } = {}): string {
  const headers = [
    ...(accept === undefined ? [] : [`Accept: ${accept}`]),
    `X-Client-Account-Id: ${tenant.client_account_id}`,
    `X-Engagement-Id: ${tenant.engagement_id}`,
  ];
  return `curl -sS ${headers.map((header) => `-H '${header}'`).join(' ')} '${url}'`;
}
