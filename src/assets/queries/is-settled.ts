import type { TenantTx } from '../../database/tenant-database';

/**
 * Whether no transaction with writes is under way on the server. One that has written its commit and waits for the disk is:
 * it holds the lock on its id until others see what it wrote. On Citus the rows are on other servers, of which this
 * tells nothing: there it is never so.
 */
export async function isSettled(tx: TenantTx): Promise<boolean> {
  const [answer] = await tx.control<{ settled: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'transactionid' AND granted)
              AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS settled`,
  );
  return answer?.settled === true;
}
