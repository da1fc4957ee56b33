import type { TenantTx } from '../database/tenant-database';
import type { MappedRow } from '../field-mapping/mapped-row';
import { createAssetsFromDiscovery, type DiscoveredAsset } from './create-assets-from-discovery';
import type { FlowContext } from './flow-context';
import { LinkRaceError } from './link-race.error';
import { countFates, type FateCounts } from './queries/count-fates';
import type { Chunk } from './queries/find-next-chunk';
import { findPendingRows } from './queries/find-pending-rows';
import { type RejectedRow, rejectRows } from './queries/reject-rows';

export interface RowSource {
  flow: FlowContext;
  data_import_id: string;
  mapRow: (cells: Record<string, string>) => MappedRow;
}

/**
 * Gives every row of a chunk its fate, in the caller's transaction. Rows travel by their id from the read to the
 * link, so a row that makes no asset shifts nothing.
 * @returns one count for each row that the chunk was planned with.
 */
export async function persistRows(
  tx: TenantTx,
  source: RowSource,
  chunk: Chunk,
  at: Date,
): Promise<FateCounts> {
  const range = {
    data_import_id: source.data_import_id,
    first_row: chunk.first_row,
    last_row: chunk.last_row,
  };
  const rows = await findPendingRows(tx, range);
  const assets: DiscoveredAsset[] = [];
  const rejects: RejectedRow[] = [];
  for (const { id, raw_data } of rows) {
    const { fields, custom_attributes, problem } = source.mapRow(raw_data);
    if (problem) rejects.push({ id, problem });
    else assets.push({ fields, custom_attributes, raw_import_record_id: id });
  }
  const { created } = await createAssetsFromDiscovery(tx, source.flow, assets, at);
  const rejected = await rejectRows(tx, source.data_import_id, rejects, at);
  if (rejected !== rejects.length) throw new LinkRaceError(rejects.length, rejected);

  if (rows.length === chunk.records) return { created, duplicates: 0, conflicts: 0, rejected };
  // Some rows were decided by somebody else since the run was planned. They count under the fate that they got.
  return countFates(tx, { ...range, limit: chunk.records });
}
