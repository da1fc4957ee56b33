import type { RowVerdict } from '../asset-identity/decide-rows';
import { type IdentityKey, identityKeys } from '../asset-identity/identity-keys';
import type { IdentityRule } from '../asset-identity/identity-rule';
import type { KnownAsset, KnownAssets } from '../asset-identity/known-assets';
import type { TenantTx } from '../database/tenant-database';
import type { MappedRow } from '../field-mapping/mapped-row';
import { findRowsByNumber } from './queries/find-rows-by-number';

interface Source {
  data_import_id: string;
  rule: IdentityRule;
  mapRow: (cells: Record<string, string>) => MappedRow;
}

/** Sorts behind every UUID: a row that would make an asset now would make a younger one. */
const ROW_ID = 'row ';

export function idOfRow(row_number: number): string {
  return `${ROW_ID}${String(row_number).padStart(10, '0')}`;
}

/** The row that would make the asset of this id; null for an asset that is there. */
export function rowOfId(id: string): number | null {
  return id.startsWith(ROW_ID) ? Number(id.slice(ROW_ID.length)) : null;
}

/**
 * The assets that a preview would have made so far. Of each only the keys are kept, so that a large file can be
 * previewed: when a later row meets one, its own row is read and mapped again. What rows would have changed is kept
 * whole.
 */
export class RowsToBe {
  /** Assets that a row would have changed, by id. */
  readonly changed = new Map<string, KnownAsset>();
  private readonly oldest = new Map<string, { id: string; candidates: number }>();
  /** The keys that the assets of the batch under way had before it. */
  private readonly before = new Map<KnownAsset, Set<string>>();

  constructor(
    private readonly tx: TenantTx,
    private readonly source: Source,
  ) {}

  /** Adds to `known`, which has what the database knows, what the preview has seen before under these keys. */
  async recall(keys: readonly IdentityKey[], known: KnownAssets): Promise<void> {
    const hits = new Map<string, { key: IdentityKey; id: string; candidates: number }>();
    for (const key of keys) {
      const hit = this.oldest.get(text(key));
      if (hit) hits.set(text(key), { key, ...hit });
    }
    const wanted = Array.from(hits.values(), ({ id }) => rowOfId(id)).filter((row) => row !== null);
    const rows = await findRowsByNumber(this.tx, this.source.data_import_id, wanted);
    const made = new Map(
      rows.map(({ row_number, raw_data }): [string, KnownAsset] => {
        const id = idOfRow(row_number);
        const { fields, custom_attributes } = this.source.mapRow(raw_data);
        return [id, { id, fields, custom_attributes, isChanged: false }];
      }),
    );
    for (const { key, id, candidates } of hits.values()) {
      const asset = this.changed.get(id) ?? made.get(id);
      if (asset) known.add(key, asset, candidates);
    }
    this.before.clear();
    for (const asset of known.assets()) this.before.set(asset, this.keysOf(asset));
  }

  /** Takes note of what a batch would have made and changed. */
  remember(verdicts: readonly RowVerdict[]): void {
    const assets = new Set(
      verdicts.flatMap((verdict) =>
        verdict.fate === 'created' || (verdict.fate === 'conflict' && verdict.asset.isChanged)
          ? [verdict.asset]
          : [],
      ),
    );
    for (const asset of assets) {
      if (asset.isChanged) this.changed.set(asset.id, asset);
      const before = this.before.get(asset) ?? new Set();
      const now = this.keysOf(asset);
      for (const key of now) if (!before.has(key)) this.count(key, asset.id);
      for (const key of before) if (!now.has(key)) this.forget(key);
    }
  }

  private count(key: string, id: string): void {
    const entry = this.oldest.get(key);
    if (!entry) this.oldest.set(key, { id, candidates: 1 });
    else {
      entry.candidates++;
      if (id < entry.id) entry.id = id;
    }
  }

  private forget(key: string): void {
    const entry = this.oldest.get(key);
    if (entry && --entry.candidates === 0) this.oldest.delete(key);
  }

  private keysOf({ fields }: KnownAsset): Set<string> {
    return new Set(identityKeys(this.source.rule, fields).map(text));
  }
}

function text({ part, value }: IdentityKey): string {
  return `${part}\0${value}`;
}
