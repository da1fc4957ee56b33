/** How long a request of several transactions may be silent before its successor takes over. Each step renews it. */
const LEASE_MS = 20_000;

/** What fences the writes of a request: once another has taken over, they match no row. */
export interface KeyLease {
  key: string;
  /** The one request, not its process: two of one process must not take each other's work for their own. */
  owner: string;
}

export function keyLeaseExpiry(at: Date): Date {
  return new Date(at.getTime() + LEASE_MS);
}
