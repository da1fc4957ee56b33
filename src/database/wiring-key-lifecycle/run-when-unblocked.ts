import type { Client } from 'pg';
import { type Patience, untilUnblocked } from '../locking/until-unblocked';
import { type LockingTransaction, transactionSql } from './locking-transaction';

/**
 * Runs the transaction as soon as its locks are to be had.
 * @returns the number of attempts.
 * @throws StillBlockedError at the deadline.
 */
export function runWhenUnblocked(
  client: Client,
  transaction: LockingTransaction,
  patience: Patience,
): Promise<number> {
  return untilUnblocked(client, transaction, patience, async (timeouts) => {
    try {
      await client.query(transactionSql(transaction, timeouts));
    } catch (error) {
      // On a broken connection ROLLBACK fails too; the first error is the one that says why.
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}
