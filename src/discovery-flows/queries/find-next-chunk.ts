import type { TenantTx } from '../../database/tenant-database';
import type { FateCounts } from './count-fates';
import type { RowRange } from './find-pending-rows';

export interface Chunk extends RowRange, FateCounts {
  chunk: number;
  /** Rows that it was planned with; the counts say how many of them have their fate. */
  records: number;
}

/** The run's first chunk that is not through yet, or null. Served by the primary key. */
export async function findNextChunk(tx: TenantTx, run_id: string): Promise<Chunk | null> {
  const [chunk] = await tx.rows<Chunk>(
    `SELECT c.chunk, c.first_row, c.last_row, c.records, c.created, c.duplicates, c.conflicts, c.rejected
       FROM migration.discovery_run_chunks c
      WHERE c.client_account_id = $1 AND c.engagement_id = $2 AND c.run_id = $3 AND c.status = 'pending'
      ORDER BY c.chunk LIMIT 1`,
    [run_id],
  );
  return chunk ?? null;
}
