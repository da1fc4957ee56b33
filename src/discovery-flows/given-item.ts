import type { DiscoveredAsset } from './create-assets-from-discovery';

/** One item of a given list. */
export interface GivenItem {
  /** 0-based position in the list. */
  index: number;
  asset: DiscoveredAsset;
  /** Whether an earlier item names the same raw record. */
  isNamedTwice: boolean;
}
