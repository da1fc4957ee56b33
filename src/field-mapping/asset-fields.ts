/** The asset columns that a source column can be mapped to, in the order they are shown, and how a cell becomes a value. */
export const ASSET_FIELDS = {
  name: 'text',
  hostname: 'text',
  fqdn: 'text',
  ip_address: 'text',
  asset_type: 'word',
  environment: 'word',
  operating_system: 'text',
  cpu_cores: 'number',
  memory_gb: 'number',
  storage_gb: 'number',
  location: 'text',
  business_owner: 'text',
  technical_owner: 'text',
  application_name: 'text',
  criticality: 'word',
  status: 'word',
  serial_number: 'text',
  description: 'text',
} as const;

export type AssetField = keyof typeof ASSET_FIELDS;

type FieldOfKind<Kind> = {
  [Field in AssetField]: (typeof ASSET_FIELDS)[Field] extends Kind ? Field : never;
}[AssetField];

export type NumberField = FieldOfKind<'number'>;
export type WordField = FieldOfKind<'word'>;
