import { ASSET_FIELDS, type AssetField } from '../../field-mapping/asset-fields';

/** The columns of assets that inventories fill, as statements name them and type their arrays. */
export const ASSET_COLUMNS = Object.keys(ASSET_FIELDS) as AssetField[];

export const ASSET_COLUMN_TYPES = Object.fromEntries(
  Object.entries(ASSET_FIELDS).map(([column, kind]) => [column, kind === 'number' ? 'float8' : 'text']),
) as Record<AssetField, 'text' | 'float8'>;
