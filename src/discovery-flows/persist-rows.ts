import { v7 as uuidv7 } from 'uuid';
import type { ConflictPolicy } from '../asset-identity/conflict-policy';
import { decideRows, type RowVerdict } from '../asset-identity/decide-rows';
import { identityKey } from '../asset-identity/identity-keys';
import type { IdentityRule } from '../asset-identity/identity-rule';
import type { TenantTx } from '../database/tenant-database';
import type { MappedRow } from '../field-mapping/mapped-row';
import { createAssetsFromDiscovery, type DiscoveredAsset } from './create-assets-from-discovery';
import { fateOfRecord } from './fate-of-record';
import type { FlowContext } from './flow-context';
import { TURN_MS } from './lease';
import { LinkRaceError } from './link-race.error';
import type { FateCounts } from './queries/count-fates';
import { countProcessedRecords } from './queries/count-processed-records';
import { decideRecords } from './queries/decide-records';
import { findKnownAssets } from './queries/find-known-assets';
import { findPendingRows, type RowRange } from './queries/find-pending-rows';
import { updateAssets } from './queries/update-assets';

export interface RowSource {
  run: { id: string; identity_rule: IdentityRule; conflict_policy: ConflictPolicy };
  flow: FlowContext;
  data_import_id: string;
  mapRow: (cells: Record<string, string>) => MappedRow;
}

const COUNTED_AS = {
  created: 'created',
  duplicate: 'duplicates',
  conflict: 'conflicts',
  rejected: 'rejected',
} as const satisfies Record<RowVerdict['fate'], keyof FateCounts>;

/**
 * Gives every pending row of a range its fate, in the caller's transaction: an asset of its own, linked both ways, or a
 * note of the asset that it describes again, or of what is wrong with it. Rows travel by their id from the read to the
 * link, so a row that makes no asset shifts nothing.
 */
export async function persistRows(
  tx: TenantTx,
  source: RowSource,
  range: RowRange,
  at: Date,
): Promise<FateCounts> {
  const { run } = source;
  // Two runs of a tenant that meet the same machine at the same moment would both find that it is new.
  await tx.lock('identity', TURN_MS);
  const rows = (await findPendingRows(tx, source.data_import_id, range)).map(({ id, raw_data }) => ({
    id,
    mapped: source.mapRow(raw_data),
  }));
  const counts: FateCounts = { created: 0, duplicates: 0, conflicts: 0, rejected: 0 };
  for (let decided = 0; decided < rows.length;) {
    const rest = rows.slice(decided);
    const keys = rest.flatMap(({ mapped }) => identityKey(run.identity_rule, mapped.fields) ?? []);
    const verdicts = decideRows(rest, await findKnownAssets(tx, keys), {
      rule: run.identity_rule,
      policy: run.conflict_policy,
      newId: () => uuidv7(),
    });
    await write(tx, source, verdicts, at);
    for (const { fate } of verdicts) counts[COUNTED_AS[fate]]++;
    decided += verdicts.length;
  }
  return counts;
}

async function write(
  tx: TenantTx,
  { run, flow, data_import_id }: RowSource,
  verdicts: readonly RowVerdict[],
  at: Date,
): Promise<void> {
  const others = verdicts.flatMap((verdict) =>
    verdict.fate === 'created' ? [] : [fateOfRecord(verdict, run.conflict_policy)],
  );
  const owner = { id: run.id, master_flow_id: flow.master_flow_id };
  const decided = await decideRecords(tx, owner, others, at);
  if (decided !== others.length) throw new LinkRaceError(others.length, decided);
  await createAssetsFromDiscovery(tx, flow, newAssets(verdicts), { run_id: run.id, at });
  await updateAssets(tx, changedAssets(verdicts), at);
  if (decided > 0) await countProcessedRecords(tx, [{ data_import_id, processed: decided }], at);
}

/** As their own rows describe them; what later rows of the range change in them follows as an update. */
function newAssets(verdicts: readonly RowVerdict[]): DiscoveredAsset[] {
  return verdicts.flatMap((verdict) => {
    if (verdict.fate !== 'created') return [];
    const { asset, row } = verdict;
    const { fields, custom_attributes } = row.mapped;
    return [{ id: asset.id, fields, custom_attributes, raw_import_record_id: row.id }];
  });
}

function changedAssets(verdicts: readonly RowVerdict[]) {
  const assets = verdicts.flatMap((verdict) =>
    verdict.fate === 'rejected' || !verdict.asset.isChanged ? [] : [verdict.asset],
  );
  return [...new Set(assets)];
}
