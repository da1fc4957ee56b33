import type { TenantTx } from '../../database/tenant-database';
import type { ImportWarning } from '../data-import.entity';
import type { Grouping } from '../grouping/grouped-table';
import type { Detected } from '../readers/detected';

export interface ImportOutcome {
  id: string;
  source: string;
  columns: string[];
  valid_records: number;
  rejected_records: number;
  empty_rows_skipped: number;
  detected: Detected;
  grouping: Grouping | null;
  warnings: ImportWarning[];
  completed_at: Date;
}

/** Rejected rows have their fate from the start, so they count as processed. An import of no rows is at 100 %. */
export async function finishImport(tx: TenantTx, outcome: ImportOutcome): Promise<void> {
  const { valid_records, rejected_records } = outcome;
  const total = valid_records + rejected_records;
  await tx.execute(
    `UPDATE migration.data_imports
        SET status = 'processed', columns = $4, total_records = $5, valid_records = $6, rejected_records = $7,
            processed_records = $7, progress_percentage = $8, empty_rows_skipped = $9, completed_at = $10,
            updated_at = $10, grouping = $11, warnings = $12, detected = $13,
            source = $14
      WHERE client_account_id = $1 AND engagement_id = $2 AND id = $3`,
    [
      outcome.id,
      JSON.stringify(outcome.columns),
      total,
      valid_records,
      rejected_records,
      total === 0 ? 100 : (100 * rejected_records) / total,
      outcome.empty_rows_skipped,
      outcome.completed_at,
      outcome.grouping && JSON.stringify(outcome.grouping),
      JSON.stringify(outcome.warnings),
      JSON.stringify({ source: outcome.source, ...outcome.detected }),
      outcome.source,
    ],
  );
}
