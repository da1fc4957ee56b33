import type { TenantTx } from '../database/tenant-database';
import type { RowSource } from './persist-rows';
import { countFates, type FateCounts } from './queries/count-fates';
import { findChunk } from './queries/find-chunk';
import type { Chunk } from './queries/find-next-chunks';

/**
 * What the end of a chunk adds to the ledger: the rows that this transaction decided, and those that somebody else has
 * decided since the run was planned (a given list may link them), which count under the fate that they got.
 */
export async function withRowsDecidedByOthers(
  tx: TenantTx,
  { run, data_import_id }: RowSource,
  chunk: Chunk,
  own: FateCounts,
): Promise<FateCounts> {
  // The usual chunk: one step, and nobody else at its rows.
  if (total(chunk) === 0 && total(own) === chunk.records) return own;
  const before = await findChunk(tx, run.id, chunk.chunk);
  if (before === null || total(before) + total(own) === chunk.records) return own;
  const { first_row, last_row, records } = chunk;
  const now = await countFates(tx, { data_import_id, first_row, last_row, limit: records });
  return {
    created: now.created - before.created,
    duplicates: now.duplicates - before.duplicates,
    conflicts: now.conflicts - before.conflicts,
    rejected: now.rejected - before.rejected,
  };
}

function total({ created, duplicates, conflicts, rejected }: FateCounts): number {
  return created + duplicates + conflicts + rejected;
}
