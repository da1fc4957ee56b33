import type { IdentityKey } from '../../asset-identity/identity-keys';
import type { IdentityPart } from '../../asset-identity/identity-rule';
import { type KnownAsset, KnownAssets } from '../../asset-identity/known-assets';
import type { TenantTx } from '../../database/tenant-database';
import { ASSET_FIELDS } from '../../field-mapping/asset-fields';
import type { MappedFields } from '../../field-mapping/mapped-row';

const FIELDS = Object.keys(ASSET_FIELDS).map((field) => `a.${field}`);

// The key `name+asset_type` begins with the type, which is one word.
const ASSET_TYPE = `split_part(k.value, ' ', 1)`;
const NAME = `substr(k.value, strpos(k.value, ' ') + 1)`;

interface FoundAsset extends MappedFields {
  part: IdentityPart;
  value: string;
  candidates: number;
  id: string;
  custom_attributes: Record<string, unknown>;
}

/**
 * The tenant's assets under these keys: for each key the oldest, and how many there are. Deleted ones are known no
 * more. Each part of the rule has an index of its own, idx_assets_identity_<part>, whose expression is repeated here to
 * the letter: it holds the beginning of a value, the whole value decides. A part that no row asks for is not in the
 * statement.
 *
 * Each key is looked up by itself (the LIMIT keeps the sub-query from being joined as a whole): while a table is young
 * nothing is known of how its expressions are spread, and a plan for all keys at once reads the whole tenant.
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
  const column = part === 'name+asset_type' ? 'name' : part;
  const folded = `lower(a.${column} COLLATE "C")`;
  const isKey =
    part === 'name+asset_type'
      ? `left(${folded}, 200) = left(${NAME}, 200) AND ${folded} = ${NAME} AND a.asset_type = ${ASSET_TYPE}`
      : `left(${folded}, 200) = left(k.value, 200) AND ${folded} = k.value`;
  return `SELECT '${part}' AS part, k.value, f.*
    FROM unnest(${parameter}) AS k (value)
   CROSS JOIN LATERAL (
     SELECT count(*) OVER ()::int AS candidates, a.id, a.custom_attributes, ${FIELDS.join(', ')}
       FROM migration.assets a
      WHERE a.client_account_id = $1 AND a.engagement_id = $2 AND a.${column} IS NOT NULL AND ${isKey}
        AND a.deleted_at IS NULL
      ORDER BY a.id LIMIT 1) f`;
}
