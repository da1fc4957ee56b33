const LEASE_MS = 20_000;

/** When somebody else goes on with a repair of which nothing is heard any more. Every batch puts it off. */
export function repairDueAt(at: Date): Date {
  return new Date(at.getTime() + LEASE_MS);
}
