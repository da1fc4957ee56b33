import type { TenantTx } from '../../database/tenant-database';

/** Whether a chunk still waits for its end. Served by the primary key. */
export async function isChunkPending(tx: TenantTx, run_id: string, chunk: number): Promise<boolean> {
  const found = await tx.rows(
    `SELECT FROM migration.discovery_run_chunks c
      WHERE c.client_account_id = $1 AND c.engagement_id = $2 AND c.run_id = $3 AND c.chunk = $4
        AND c.status = 'pending'`,
    [run_id, chunk],
  );
  return found.length === 1;
}
