import type { TenantTx } from '../database/tenant-database';
import { createAssetsFromDiscovery } from './create-assets-from-discovery';
import type { ItemProblem } from './dto/persist-assets.response';
import type { FlowContext } from './flow-context';
import type { GivenItem } from './given-item';
import { findRecordStates, type RecordState } from './queries/find-record-states';
import { findWrittenAssets } from './queries/find-written-assets';

const SKIPS = {
  raw_record_named_twice: 'An earlier item names the same raw record.',
  raw_record_not_found: 'There is no such raw record.',
  raw_record_already_linked: 'The raw record is linked to an asset already.',
  raw_record_already_decided: 'The fate of the raw record is decided already.',
} as const;

type SkipCode = keyof typeof SKIPS;

export interface PersistedItems {
  /** Ids of the assets that were made. */
  created: string[];
  linked: number;
  skipped: ItemProblem[];
}

/**
 * Makes the items of a chunk assets, in the caller's transaction.
 * @param unanswered what earlier attempts made, of which one may be in the database.
 * @returns what this attempt made, or that earlier one, when it is in the database.
 * @throws LinkRaceError when a record was linked meanwhile, and 23505 on pk_assets when an earlier attempt commits
 * only now; the transaction must then roll back.
 */
export async function persistItems(
  tx: TenantTx,
  flow: FlowContext,
  items: readonly GivenItem[],
  unanswered: readonly PersistedItems[],
): Promise<PersistedItems> {
  const ids = items.flatMap(({ asset }) => asset.raw_import_record_id ?? []);
  const records = new Map((await findRecordStates(tx, ids)).map((record) => [record.id, record]));
  // After the look at the records: an attempt that has linked them by then is found here.
  const earlier = unanswered.length === 0 ? null : await findEarlier(tx, unanswered);
  if (earlier !== null) return earlier;

  const skipped = items.flatMap((item) => {
    const code = skipCode(item, records);
    return code === null ? [] : [{ index: item.index, code, message: SKIPS[code] }];
  });
  const skips = new Set(skipped.map(({ index }) => index));
  const assets = items.filter(({ index }) => !skips.has(index)).map(({ asset }) => asset);
  const { linked } = await createAssetsFromDiscovery(tx, flow, assets, { run_id: null, at: new Date() });
  return { created: assets.map(({ id }) => id), linked, skipped };
}

/** Attempts differ in what they skipped, so the one that is there is the one that made exactly what is there. */
async function findEarlier(
  tx: TenantTx,
  unanswered: readonly PersistedItems[],
): Promise<PersistedItems | null> {
  const written = new Set(
    await findWrittenAssets(tx, [...new Set(unanswered.flatMap(({ created }) => created))]),
  );
  if (written.size === 0) return null;
  const isThere = ({ created }: PersistedItems) =>
    created.length === written.size && created.every((id) => written.has(id));
  return unanswered.find(isThere) ?? null;
}

function skipCode(
  { asset: { raw_import_record_id }, isNamedTwice }: GivenItem,
  records: ReadonlyMap<string, RecordState>,
): SkipCode | null {
  if (raw_import_record_id === null) return null;
  if (isNamedTwice) return 'raw_record_named_twice';
  const record = records.get(raw_import_record_id);
  if (!record) return 'raw_record_not_found';
  if (record.asset_id !== null) return 'raw_record_already_linked';
  return record.is_processed ? 'raw_record_already_decided' : null;
}
