/** What a token may allow: reading and changing inventories, reading and repairing the wiring. */
export const SCOPES = ['inventory:read', 'inventory:write', 'wiring:read', 'wiring:repair'] as const;

export type Scope = (typeof SCOPES)[number];
