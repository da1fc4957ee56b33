import { ConflictError } from '../errors/conflict.error';
import type { DiscoveryFlow } from './discovery-flow.entity';

/** Fields that a row can take its asset's name from. */
const NAMING_FIELDS = new Set(['name', 'hostname', 'fqdn', 'ip_address', 'application_name']);

/**
 * @returns the import whose rows a run of the flow is about.
 * @throws ConflictError without an import, or when no mapping could name an asset: such a run would reject every row
 * for good.
 */
export function requireRunnable({ data_import_id, field_mappings }: DiscoveryFlow): string {
  if (data_import_id === null) throw new ConflictError('The flow has no data import to run over.');
  if (!Object.values(field_mappings).some((field) => NAMING_FIELDS.has(field))) {
    throw new ConflictError(
      `No approved mapping gives assets a name: map a column to one of ${[...NAMING_FIELDS].join(', ')} first.`,
    );
  }
  return data_import_id;
}
