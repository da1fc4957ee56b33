import type { IdentityKey } from '../../asset-identity/identity-keys';
import type { IdentityPart } from '../../asset-identity/identity-rule';
import { type KnownAsset, KnownAssets } from '../../asset-identity/known-assets';
import type { TenantTx } from '../../database/tenant-database';
import { ASSET_FIELDS } from '../../field-mapping/asset-fields';
import type { MappedFields } from '../../field-mapping/mapped-row';

const FIELDS = Object.keys(ASSET_FIELDS).map((field) => `a.${field}`);

interface FoundAsset extends MappedFields {
  part: IdentityPart;
  value: string;
  candidates: number;
  id: string;
  custom_attributes: Record<string, unknown>;
}

/**
 * The tenant's assets under these keys: for each key the oldest, and how many there are. Deleted ones are known no
 * more. Each part of the rule has a function of the owner's, since its index is one that row-level security would not
 * let be used (migration 1764300010000), and what it finds is then read like every other row. A part that no row asks
 * for is not in the statement.
 * @param changed assets, by id, that are to be taken for what they are here and not for what the database has.
 */
export async function findKnownAssets(
  tx: TenantTx,
  keys: readonly IdentityKey[],
  changed: ReadonlyMap<string, KnownAsset> = new Map(),
): Promise<KnownAssets> {
  const known = new KnownAssets();
  const asked = new Map<IdentityPart, Set<string>>();
  for (const { part, value } of keys) {
    const values = asked.get(part) ?? new Set();
    asked.set(part, values.add(value));
  }
  if (asked.size === 0) return known;
  const branches = Array.from(asked.keys(), (part, i) => branch(part, `$${i + 3}::text[]`));
  const values = Array.from(asked.values(), (wanted) => [...wanted]);
  const found = await tx.rows<FoundAsset>(branches.join('\nUNION ALL\n'), values);

  // An asset that is found by two of its keys is one object, so that what a row changes every later row sees.
  const assets = new Map(changed);
  for (const { part, value, candidates, id, custom_attributes, ...fields } of found) {
    const asset = assets.get(id) ?? {
      id,
      fields,
      custom_attributes: Object.assign(Object.create(null) as object, custom_attributes),
      isChanged: false,
    };
    assets.set(id, asset);
    known.add({ part, value }, asset, candidates);
  }
  return known;
}

function branch(part: IdentityPart, parameter: string): string {
  const find = `migration.find_assets_by_${part === 'name+asset_type' ? 'name' : part}`;
  return `SELECT '${part}' AS part, f.value, f.candidates, r.*
    FROM ${find}($1, $2, ${parameter}) f
   CROSS JOIN LATERAL (
     SELECT a.id, a.custom_attributes, ${FIELDS.join(', ')}
       FROM migration.assets a
      WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND a.id = f.id
      LIMIT 1) r`;
}
