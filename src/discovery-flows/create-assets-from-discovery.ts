import { v7 as uuidv7 } from 'uuid';
import type { TenantTx } from '../database/tenant-database';
import type { MappedFields } from '../field-mapping/mapped-row';
import type { FlowContext } from './flow-context';
import { LinkRaceError } from './link-race.error';
import { insertAndLinkAssets } from './queries/insert-and-link-assets';

export interface DiscoveredAsset {
  fields: MappedFields;
  custom_attributes: Record<string, unknown>;
  /** The record that the asset is made from; null for one that comes from no file. */
  raw_import_record_id: string | null;
}

/**
 * Inserts assets and links each with its raw record, both ways, in the caller's transaction. It never commits:
 * whoever opened the transaction decides about the assets, their links and its own ledger together.
 * @returns how many assets were created and how many of them linked.
 * @throws LinkRaceError when a record was linked or decided meanwhile; the transaction must then roll back.
 */
export async function createAssetsFromDiscovery(
  tx: TenantTx,
  flow: FlowContext,
  assets: readonly DiscoveredAsset[],
  at: Date,
): Promise<{ created: number; linked: number }> {
  const expected = assets.filter(({ raw_import_record_id }) => raw_import_record_id !== null).length;
  const rows = assets.map((asset) => ({ id: uuidv7(), ...asset }));
  const { created, linked } = await insertAndLinkAssets(tx, flow, rows, at);
  if (linked !== expected) throw new LinkRaceError(expected, linked);
  return { created, linked };
}
