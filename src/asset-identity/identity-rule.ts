/** What can tell assets apart. The value of `name+asset_type` is both together. */
export const IDENTITY_PARTS = ['hostname', 'fqdn', 'ip_address', 'serial_number', 'name+asset_type'] as const;
export type IdentityPart = (typeof IDENTITY_PARTS)[number];

/** A row is known by the first part that it has a usable value for, and by no other. */
export type IdentityRule = readonly IdentityPart[];

export const DEFAULT_IDENTITY_RULE: IdentityRule = ['hostname', 'fqdn', 'ip_address', 'name+asset_type'];
