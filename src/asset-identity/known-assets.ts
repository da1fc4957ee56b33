import type { MappedFields } from '../field-mapping/mapped-row';
import { hasKey, type IdentityKey } from './identity-keys';

/** An asset as a run sees it while it decides: what rows have changed so far is in it. */
export interface KnownAsset {
  /** UUID v7, so that the smaller is the older. */
  id: string;
  fields: MappedFields;
  /** By verbatim header, hence without prototype. */
  custom_attributes: Record<string, unknown>;
  /** Whether a row has changed it since it was read or made. */
  isChanged: boolean;
}

export interface Match {
  /** The oldest. */
  asset: KnownAsset;
  /** How many assets have the key. */
  candidates: number;
}

/** The assets that rows of a chunk may describe, by their keys. */
export class KnownAssets {
  private readonly matches = new Map<string, Match>();

  /** A key that a row has taken from its only asset, by giving it another, finds nothing any more. */
  find(key: IdentityKey): Match | null {
    const match = this.matches.get(mapKey(key));
    if (!match || (match.candidates === 1 && !hasKey(match.asset.fields, key))) return null;
    return match;
  }

  isShared(key: IdentityKey): boolean {
    return (this.matches.get(mapKey(key))?.candidates ?? 0) > 1;
  }

  /** The candidates, each once for every key that it has here. */
  assets(): KnownAsset[] {
    return Array.from(this.matches.values(), ({ asset }) => asset);
  }

  add(key: IdentityKey, asset: KnownAsset, candidates = 1): void {
    const match = this.find(key);
    if (!match) this.matches.set(mapKey(key), { asset, candidates });
    else if (match.asset !== asset) {
      match.candidates += candidates;
      if (asset.id < match.asset.id) match.asset = asset;
    }
  }
}

function mapKey({ part, value }: IdentityKey): string {
  return `${part}\0${value}`;
}
