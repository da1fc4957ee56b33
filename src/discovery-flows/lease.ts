import { randomUUID } from 'node:crypto';

/**
 * How long a run's holder may be silent before another process takes over. Every step of a chunk renews it, and so does
 * every new try. A statement that is slow enough to endanger the lease is ended by its time limit first, so only a dead
 * or cut-off holder lets it expire.
 */
const LEASE_MS = 20_000;
export const CHUNK_TIMEOUT_MS = 4_000;
/** How long a chunk waits for its tenant's turn before it renews its lease and asks again. */
export const TURN_MS = 3_000;
/** A holder that is silent for so long in the middle of a chunk loses its locks, before its successor needs them. */
export const CHUNK_IDLE_MS = 10_000;

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
