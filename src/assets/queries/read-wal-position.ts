import type { TenantTx } from '../../database/tenant-database';

/**
 * Where the server's next write will go, and since when it runs: whoever finds it unchanged knows that nobody has written,
 * in whatever tenant or database.
 */
export async function readWalPosition(tx: TenantTx): Promise<string> {
  const [read] = await tx.control<{ position: string }>(
    `SELECT pg_current_wal_insert_lsn() || ' ' || pg_postmaster_start_time() AS position`,
  );
  if (!read) throw new Error('a statement of scalar values answers one row');
  return read.position;
}
