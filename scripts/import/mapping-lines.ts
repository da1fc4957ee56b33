import type { DiscoveryFlow } from '../../src/discovery-flows/discovery-flow.entity';
import type { ImportResponse } from '../../src/raw-imports/dto/import-response';
import { printable } from '../client/printable';

/** Which columns mean something, and which are only kept. */
export function mappingLines({ columns }: ImportResponse, { field_mappings }: DiscoveryFlow): string[] {
  const recognised = columns.filter((column) => Object.hasOwn(field_mappings, column));
  const kept = columns.filter((column) => !Object.hasOwn(field_mappings, column));
  return [
    `  columns ${recognised.length} of ${columns.length} recognised`,
    ...recognised.map((column) => `            ${printable(column)} → ${String(field_mappings[column])}`),
    ...(kept.length === 0 ? [] : [`          kept as they are: ${kept.map(printable).join(', ')}`]),
  ];
}
