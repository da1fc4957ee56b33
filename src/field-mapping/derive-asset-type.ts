import type { AssetField } from './asset-fields';

const MACHINE_EVIDENCE = [
  'hostname',
  'fqdn',
  'ip_address',
  'operating_system',
  'cpu_cores',
  'memory_gb',
  'storage_gb',
] as const satisfies readonly AssetField[];

/**
 * The type of an asset whose row does not state a known one: a server where the row describes a machine, an application
 * where it names only that. A bare name may be anything.
 */
export function deriveAssetType(values: Readonly<Record<AssetField, string | number | null>>): string {
  if (MACHINE_EVIDENCE.some((field) => values[field] !== null)) return 'server';
  return values.application_name === null ? 'other' : 'application';
}
