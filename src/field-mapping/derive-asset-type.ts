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
 * The type of an asset whose row does not state a known one: that of the table's machines where the row describes one, an
 * application where it names only that. A bare name may be anything, except where the table names virtual machines.
 */
export function deriveAssetType(
  values: Readonly<Record<AssetField, string | number | null>>,
  typeOfMachines: string,
): string {
  if (MACHINE_EVIDENCE.some((field) => values[field] !== null) || typeOfMachines !== 'server')
    return typeOfMachines;
  return values.application_name === null ? 'other' : 'application';
}
