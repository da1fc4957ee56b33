import type { AssetField, NumberField } from './asset-fields';

/** What a row says of an asset; null where it says nothing, except that every asset has a type and a status. */
export type MappedFields = Record<Exclude<AssetField, NumberField | 'asset_type' | 'status'>, string | null> &
  Record<NumberField, number | null> &
  Record<'asset_type' | 'status', string>;

export interface MappedRow {
  fields: MappedFields;
  /** The header whose cell gave a field its value. A field that is not here took a default, or has no value. */
  sources: Partial<Record<AssetField, string>>;
  /** By verbatim header, every cell that the fields do not show as it was written. It has no prototype. */
  custom_attributes: Record<string, string>;
  /** Why the row cannot become an asset; null when it can. */
  problem: { column: string | null; value: string | null; code: string; message: string } | null;
}
