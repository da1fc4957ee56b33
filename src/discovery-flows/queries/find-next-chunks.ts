import type { TenantTx } from '../../database/tenant-database';
import type { FateCounts } from './count-fates';
import type { RowRange } from './find-pending-rows';

export interface Chunk extends RowRange, FateCounts {
  chunk: number;
  /** Rows that it was planned with; the counts say how many of them have their fate. */
  records: number;
}

/** About as many as a slice of the run gets through. */
const CHUNKS = 25;

/**
 * The run's first chunks that are not through yet, in order; none when all are. Nobody but the holder of the run's
 * lease decides any of them, so what it has read stays true until its own ledger says otherwise. Served by the primary
 * key.
 */
export function findNextChunks(tx: TenantTx, run_id: string): Promise<Chunk[]> {
  return tx.rows<Chunk>(
    `SELECT c.chunk, c.first_row, c.last_row, c.records, c.created, c.duplicates, c.conflicts, c.rejected
       FROM migration.discovery_run_chunks c
      WHERE c.client_account_id = $1 AND c.engagement_id = $2 AND c.run_id = $3 AND c.status = 'pending'
      ORDER BY c.chunk LIMIT ${CHUNKS}`,
    [run_id],
  );
}
