import type { DiscoveredAsset } from './create-assets-from-discovery';
import type { GivenItem } from './given-item';

/** The items of a list, those marked whose raw record an earlier item names. */
export function givenItems(assets: readonly DiscoveredAsset[]): GivenItem[] {
  const named = new Set<string>();
  return assets.map((asset, index) => {
    const id = asset.raw_import_record_id;
    const isNamedTwice = id !== null && named.has(id);
    if (id !== null) named.add(id);
    return { index, asset, isNamedTwice };
  });
}
