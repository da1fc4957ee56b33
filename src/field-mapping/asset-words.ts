/** The words that the fields of kind `word` take. */
export const ASSET_TYPES = [
  'server',
  'database',
  'application',
  'component',
  'network',
  'load_balancer',
  'storage',
  'security_group',
  'virtual_machine',
  'container',
  'other',
] as const;

/** How far an asset has come on its way to the cloud. */
export const ASSET_STATUSES = [
  'discovered',
  'assessed',
  'planned',
  'migrating',
  'migrated',
  'failed',
  'excluded',
] as const;

export const ENVIRONMENTS = ['production', 'staging', 'testing', 'development', 'disaster_recovery'] as const;

export const CRITICALITIES = ['critical', 'high', 'medium', 'low'] as const;
