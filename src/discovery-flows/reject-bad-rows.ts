import type { TenantTx } from '../database/tenant-database';
import type { BadRow } from './bad-rows';
import { describeFailure } from '../errors/describe-failure';
import type { RowSource } from './persist-rows';
import type { FateCounts } from './queries/count-fates';
import { countProcessedRecords } from './queries/count-processed-records';
import { decideRecords } from './queries/decide-records';
import { findPendingRows } from './queries/find-pending-rows';

/** Rejects the rows that the database refused, each with its reason, in the transaction that ends their chunk. */
export async function rejectBadRows(
  tx: TenantTx,
  { run, flow, data_import_id }: RowSource,
  badRows: readonly BadRow[],
  at: Date,
): Promise<FateCounts> {
  const reasons = new Map(badRows.map(({ row_number, error }) => [row_number, describeFailure(error)]));
  const numbers = [...reasons.keys()];
  const range = { first_row: Math.min(...numbers), last_row: Math.max(...numbers) };
  const rows = numbers.length === 0 ? [] : await findPendingRows(tx, data_import_id, range);
  const records = rows.flatMap(({ id, row_number }) => {
    const message = reasons.get(row_number);
    if (message === undefined) return [];
    const problem = {
      column: null,
      value: null,
      code: 'refused_by_database',
      message: `The row cannot be stored: ${message}.`,
    };
    const processing_notes = `Rejected: ${problem.message}`;
    return [
      { id, fate: 'rejected' as const, processing_notes, problem, decision: null, cleansed_data: null },
    ];
  });
  const rejected = await decideRecords(tx, { id: run.id, master_flow_id: flow.master_flow_id }, records, at);
  if (rejected > 0) await countProcessedRecords(tx, [{ data_import_id, processed: rejected }], at);
  return { created: 0, duplicates: 0, conflicts: 0, rejected };
}
