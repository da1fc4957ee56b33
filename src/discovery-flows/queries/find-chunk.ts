import type { TenantTx } from '../../database/tenant-database';
import type { FateCounts } from './count-fates';

/** What the ledger says of a chunk so far. Served by the primary key. */
export async function findChunk(tx: TenantTx, run_id: string, chunk: number): Promise<FateCounts | null> {
  const [counts] = await tx.rows<FateCounts>(
    `SELECT c.created, c.duplicates, c.conflicts, c.rejected
       FROM migration.discovery_run_chunks c
      WHERE c.client_account_id = $1 AND c.engagement_id = $2 AND c.run_id = $3 AND c.chunk = $4`,
    [run_id, chunk],
  );
  return counts ?? null;
}
