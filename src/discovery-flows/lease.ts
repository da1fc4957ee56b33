import { randomUUID } from 'node:crypto';

/**
 * How long a run's holder may be silent before another process takes over. Every chunk renews it, and so does every
 * try of one. A chunk has five statements at most, each limited to CHUNK_TIMEOUT_MS, which together stay within the
 * lease, so only a dead or cut-off holder lets it expire.
 */
const LEASE_MS = 20_000;
export const CHUNK_TIMEOUT_MS = 4_000;

/** This process, among all that share the database. */
export const LEASE_OWNER = randomUUID();

/** What fences a run's writes: a holder whose lease was taken away matches no row any more. */
export interface Lease {
  run_id: string;
  owner: string;
  attempt: number;
}

/** The lease is somebody else's by now: roll back and leave the run alone. */
export class LeaseLostError extends Error {}

export function leaseExpiry(at: Date): Date {
  return new Date(at.getTime() + LEASE_MS);
}
