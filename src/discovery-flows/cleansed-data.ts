import type { AssetField } from '../field-mapping/asset-fields';
import type { MappedFields } from '../field-mapping/mapped-row';
import { ASSET_COLUMNS } from './queries/asset-columns';

/** What a record keeps of the fields that its cells gave: those that have a value. */
export function cleansedData(fields: MappedFields): Partial<MappedFields> {
  const data: Partial<Record<AssetField, string | number | null>> = {};
  for (const field of ASSET_COLUMNS) if (fields[field] !== null) data[field] = fields[field];
  return data as Partial<MappedFields>;
}
