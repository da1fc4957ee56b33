import { foldCase } from '../../asset-identity/fold-case';
import type { IdentityKey } from '../../asset-identity/identity-keys';
import type { IdentityPart } from '../../asset-identity/identity-rule';
import { type KnownAsset, KnownAssets } from '../../asset-identity/known-assets';
import type { TenantTx } from '../../database/tenant-database';
import { ASSET_FIELDS } from '../../field-mapping/asset-fields';
import type { MappedFields } from '../../field-mapping/mapped-row';

const FIELDS = Object.keys(ASSET_FIELDS).map((field) => `a.${field}`);

/** What the index of a part holds of a value, and so what is asked for first; the whole value decides. */
const INDEXED_LENGTH = 200;

interface FoundAsset extends MappedFields {
  part: IdentityPart;
  candidates: number;
  id: string;
  custom_attributes: Record<string, unknown>;
}

/**
 * The tenant's assets under these keys: for each key the oldest, and how many there are. Deleted ones are known no
 * more. Each part of the rule has an index of its own, idx_assets_identity_<part>, whose expression is repeated here to
 * the letter; a part that no row asks for is not in the statement.
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

  const values: string[][] = [];
  const branches = Array.from(asked, ([part, wanted]) => {
    values.push([...new Set(Array.from(wanted, (value) => indexed(value.split('\0', 1)[0] ?? '')))]);
    return branch(part, `$${values.length + 2}`);
  });
  const found = await tx.rows<FoundAsset>(branches.join('\nUNION ALL\n'), values);

  // An asset that is found by two of its keys is one object, so that what a row changes every later row sees.
  const assets = new Map(changed);
  for (const { part, candidates, id, custom_attributes, ...fields } of found) {
    const value =
      part === 'name+asset_type'
        ? `${foldCase(fields.name ?? '')}\0${fields.asset_type}`
        : foldCase(fields[part] ?? '');
    if (asked.get(part)?.has(value) !== true) continue;
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
  const column = part === 'name+asset_type' ? 'name' : part;
  const folded = `lower(a.${column} COLLATE "C")`;
  const key = part === 'name+asset_type' ? `${folded}, a.asset_type` : folded;
  return `(SELECT DISTINCT ON (${key}) '${part}' AS part, count(*) OVER (PARTITION BY ${key})::int AS candidates,
         a.id, a.custom_attributes, ${FIELDS.join(', ')}
    FROM migration.assets a
   WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND a.${column} IS NOT NULL
     AND left(${folded}, ${INDEXED_LENGTH}) = ANY (${parameter}::text[]) AND a.deleted_at IS NULL
   ORDER BY ${key}, a.id)`;
}

/** Characters as PostgreSQL counts them: code points, not the halves of a surrogate pair. */
function indexed(value: string): string {
  return value.length <= INDEXED_LENGTH ? value : Array.from(value).slice(0, INDEXED_LENGTH).join('');
}
