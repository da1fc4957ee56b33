import type { TenantTx } from '../../database/tenant-database';
import type { Slice } from '../../http/page';
import type { RunChunk } from '../dto/run-chunk';

/** Chunks of a run in order, of one status or of all. Served by the primary key. */
export async function listRunChunks(
  tx: TenantTx,
  { run_id, status, limit, offset }: { run_id: string; status: string | null; limit: number; offset: number },
): Promise<Slice<RunChunk>> {
  const rows = await tx.rows<RunChunk>(
    `SELECT c.chunk, c.first_row, c.last_row, c.records, c.status, c.created, c.linked, c.duplicates, c.conflicts,
            c.rejected, c.attempts, c.error, c.updated_at
       FROM migration.discovery_run_chunks c
      WHERE c.client_account_id = $1 AND c.engagement_id = $2 AND c.run_id = $3
        AND ($4::text IS NULL OR c.status = $4)
      ORDER BY c.chunk LIMIT $5 OFFSET $6`,
    [run_id, status, limit, offset],
  );
  const [count] = await tx.rows<{ total: number }>(
    `SELECT count(*)::int AS total FROM migration.discovery_run_chunks c
      WHERE c.client_account_id = $1 AND c.engagement_id = $2 AND c.run_id = $3
        AND ($4::text IS NULL OR c.status = $4)`,
    [run_id, status],
  );
  return { rows, total: count?.total ?? 0 };
}
