import type { TenantTx } from '../database/tenant-database';
import type { MappedFields } from '../field-mapping/mapped-row';
import type { FlowContext } from './flow-context';
import { LinkRaceError } from './link-race.error';
import { countProcessedRecords } from './queries/count-processed-records';
import { insertAndLinkAssets } from './queries/insert-and-link-assets';

export interface DiscoveredAsset {
  /** UUID v7, the same at every try, so that a try which succeeded unseen is found again. */
  id: string;
  fields: MappedFields;
  custom_attributes: Record<string, unknown>;
  /** The record that the asset is made from; null for one that comes from no file. */
  raw_import_record_id: string | null;
}

/**
 * Inserts assets and links each with its raw record, both ways, in the caller's transaction. It never commits:
 * whoever opened the transaction decides about the assets, their links and its own ledger together.
 * @param run_id of the run whose rows these are; null for a given list.
 * @returns how many assets were created and how many of them linked.
 * @throws LinkRaceError when a record was linked or decided meanwhile; the transaction must then roll back.
 */
export async function createAssetsFromDiscovery(
  tx: TenantTx,
  flow: FlowContext,
  assets: readonly DiscoveredAsset[],
  { run_id, at }: { run_id: string | null; at: Date },
): Promise<{ created: number; linked: number }> {
  if (assets.length === 0) return { created: 0, linked: 0 };
  const expected = assets.filter(({ raw_import_record_id }) => raw_import_record_id !== null).length;
  const imports = await insertAndLinkAssets(tx, flow, assets, { run_id, at });
  const linked = imports.reduce((sum, { processed }) => sum + processed, 0);
  if (linked !== expected) throw new LinkRaceError(expected, linked);
  await countProcessedRecords(tx, imports, at);
  return { created: assets.length, linked };
}
