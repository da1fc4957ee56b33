import type { AssetField } from './asset-fields';
import { headerKey } from './header-key';

/** What a person decided about a header. */
export interface MappingChoice {
  header: string;
  header_key: string;
  /** Null where the person left the column out although it was offered. */
  target_field: AssetField | null;
}

/** `offered` are the headers that were suggested with confidence or mapped before. */
export function mappingChoices(
  mappings: Readonly<Record<string, AssetField>>,
  offered: readonly string[],
): MappingChoice[] {
  const leftOut = offered.filter((header) => !Object.hasOwn(mappings, header));
  return [
    ...Object.entries(mappings),
    ...leftOut.map((header): [string, AssetField | null] => [header, null]),
  ].map(([header, target_field]) => ({ header, header_key: headerKey(header), target_field }));
}
