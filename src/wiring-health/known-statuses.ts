/** What the health of a tenant that could be checked is, from the best to the worst. */
export const KNOWN_STATUSES = ['healthy', 'degraded', 'unhealthy'] as const;

export type KnownStatus = (typeof KNOWN_STATUSES)[number];
