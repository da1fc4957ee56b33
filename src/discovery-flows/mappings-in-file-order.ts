import type { AssetField } from '../field-mapping/asset-fields';

/**
 * jsonb does not keep the order of keys, but where two columns feed one field the first column wins. So the order
 * is the file's.
 */
export function mappingsInFileOrder(
  mappings: Readonly<Record<string, string>>,
  columns: readonly string[],
): Record<string, AssetField> {
  const position = new Map(columns.map((column, i) => [column, i]));
  const entries = Object.entries(mappings).sort(
    ([a], [b]) => (position.get(a) ?? Infinity) - (position.get(b) ?? Infinity) || (a < b ? -1 : 1),
  );
  return Object.fromEntries(entries) as Record<string, AssetField>;
}
