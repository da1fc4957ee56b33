import type { AssetField } from '../field-mapping/asset-fields';
import type { MappedRow } from '../field-mapping/mapped-row';
import type { ConflictPolicy } from './conflict-policy';
import { type Difference, findDifferences } from './find-differences';
import { type IdentityKey, identityKey, identityKeys } from './identity-keys';
import type { IdentityPart, IdentityRule } from './identity-rule';
import type { KnownAsset, KnownAssets } from './known-assets';

/** A row as its mapping reads it. */
export interface ReadRow {
  id: string;
  mapped: MappedRow;
}

type DecidedDifference = Difference & { outcome: 'kept' | 'filled' | 'replaced' };

export type RowVerdict<Row extends ReadRow = ReadRow> =
  | { fate: 'rejected'; row: Row; problem: NonNullable<MappedRow['problem']> }
  | { fate: 'created'; row: Row; asset: KnownAsset }
  | {
      fate: 'duplicate' | 'conflict';
      row: Row;
      asset: KnownAsset;
      rule: IdentityPart;
      candidates: number;
      differences: DecidedDifference[];
    };

/**
 * Gives rows their fate one after the other, each in the light of all before it, as if each were a chunk of its own.
 * New assets join `known`, and an asset that a row changes is marked there.
 *
 * It ends early where `replace` has taken a key from one of several assets that share it: who is known by it from then
 * on `known` cannot say. What is decided so far is then written, and the rest goes on with what the database says.
 *
 * @param known what the tenant has under the keys of these rows.
 */
export function decideRows<Row extends ReadRow>(
  rows: readonly Row[],
  known: KnownAssets,
  { rule, policy, newId }: { rule: IdentityRule; policy: ConflictPolicy; newId: (row: Row) => string },
): RowVerdict<Row>[] {
  const verdicts: RowVerdict<Row>[] = [];
  for (const row of rows) {
    const { fields, custom_attributes, problem } = row.mapped;
    if (problem) {
      verdicts.push({ fate: 'rejected', row, problem });
      continue;
    }
    const key = identityKey(rule, fields);
    const match = key && known.find(key);
    if (!match) {
      const asset: KnownAsset = {
        id: newId(row),
        fields: { ...fields },
        custom_attributes: Object.assign(Object.create(null) as object, custom_attributes),
        isChanged: false,
      };
      for (const own of identityKeys(rule, fields)) known.add(own, asset);
      verdicts.push({ fate: 'created', row, asset });
      continue;
    }
    const { asset, candidates } = match;
    // Which of several assets a row means nobody can say, so none of them is changed.
    const applied = candidates === 1 ? policy : 'keep_existing';
    const before = identityKeys(rule, asset.fields);
    const differences = findDifferences(asset, row.mapped).map((difference) =>
      settle(asset, row.mapped, difference, applied),
    );
    const fate = differences.length === 0 ? 'duplicate' : 'conflict';
    verdicts.push({ fate, row, asset, rule: key.part, candidates, differences });

    // A field that was filled may be a key by which later rows look for the asset.
    const now = identityKeys(rule, asset.fields);
    for (const own of without(now, before)) known.add(own, asset);
    if (without(before, now).some((lost) => known.isShared(lost))) break;
  }
  return verdicts;
}

function without(keys: readonly IdentityKey[], others: readonly IdentityKey[]): IdentityKey[] {
  return keys.filter((key) => !others.some(({ part, value }) => part === key.part && value === key.value));
}

/** Ids, links and the row's own record are no fields: no policy reaches them. */
function settle(
  asset: KnownAsset,
  { sources, custom_attributes }: MappedRow,
  difference: Difference,
  policy: ConflictPolicy,
): DecidedDifference {
  const isEmpty = difference.existing === null;
  if (policy === 'keep_existing' || (policy === 'merge' && !isEmpty)) {
    return { ...difference, outcome: 'kept' };
  }
  const { field, column, incoming } = difference;
  asset.isChanged = true;
  if (sources[field as AssetField] === column) {
    Object.assign(asset.fields, { [field]: incoming });
    // The text of the cell that the old value came from must not stand beside the new value.
    if (Object.hasOwn(custom_attributes, column)) asset.custom_attributes[column] = custom_attributes[column];
    else Reflect.deleteProperty(asset.custom_attributes, column);
  } else {
    asset.custom_attributes[column] = incoming;
  }
  return { ...difference, outcome: isEmpty ? 'filled' : 'replaced' };
}
