import type { TenantTx } from '../../database/tenant-database';

/**
 * Which transactions the snapshot of this one shows, in whatever tenant or database: two that are named the same show the
 * same rows. With the start of the server, since one that takes another's place may give its numbers once more.
 *
 * @returns null on a standby, whose snapshots leave out who is under way, and on Citus, whose rows are on other servers.
 */
export async function readSnapshot(tx: TenantTx): Promise<string | null> {
  const [read] = await tx.control<{ snapshot: string | null }>(
    `SELECT CASE WHEN NOT pg_is_in_recovery() AND to_regclass('pg_catalog.pg_dist_partition') IS NULL
                 THEN pg_current_snapshot() || ' ' || pg_postmaster_start_time() END AS snapshot`,
  );
  return read?.snapshot ?? null;
}
