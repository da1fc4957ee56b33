import type { TenantTx } from '../../database/tenant-database';
import { copyRawRecords } from '../queries/copy-raw-records';
import { markCorrected } from '../queries/mark-corrected';
import type { RowTally } from '../row-tally';
import type { CorrectionsTable } from './corrections-table';
import { rejectUnmended } from './reject-unmended';

/** Another file that corrects the same import takes seconds. */
const LOCK_MS = 30_000;

/**
 * Stores the rows of a corrections file and links each reject to the row that replaces it. It goes batch by batch,
 * since a COPY has the connection to itself and memory must not grow with the file.
 */
export async function copyCorrections(
  tx: TenantTx,
  { id, created_at: at }: { id: string; created_at: Date },
  corrections: CorrectionsTable,
  tally: RowTally,
): Promise<void> {
  const corrects_import_id = corrections.import_id;
  // Two files that correct the same import, in another order of its rows, would deadlock.
  await tx.lock(`corrections of ${corrects_import_id}`, LOCK_MS);
  const rows = rejectUnmended(tx, corrects_import_id, corrections.batches());
  for await (const batch of tally.watch(rows)) {
    await copyRawRecords(tx, id, [batch], at);
    await markCorrected(tx, { corrects_import_id, data_import_id: id, rows: batch, at });
  }
}
