import type { Tenant } from '../tenancy/tenant';
import type { Scope } from './scope';

/** Engagements by client account, both in lower case; `*` is every engagement of the client. */
export type HeldTenants = ReadonlyMap<string, ReadonlySet<string>>;

/** Whom a verified token speaks for, and what it allows them. */
export interface Principal {
  readonly subject: string;
  /** `*` is every tenant there is. */
  readonly tenants: HeldTenants | '*';
  readonly scopes: ReadonlySet<Scope>;
  /** Milliseconds since 1970. */
  readonly expires_at: number;
}

export function holds({ tenants }: Principal, { client_account_id, engagement_id }: Tenant): boolean {
  if (tenants === '*') return true;
  const engagements = tenants.get(client_account_id);
  return engagements !== undefined && (engagements.has(engagement_id) || engagements.has('*'));
}
