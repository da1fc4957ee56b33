import type { TenantTx } from '../database/tenant-database';

/** How work of several transactions remembers how far it has come. */
export interface Steps<Progress> {
  /** Whether the progress is kept at all. Without a key it is not: nobody could ask for it again. */
  readonly isKept: boolean;
  /** How far an earlier request with this key had come when its process died; null where none had. */
  readonly progress: Progress | null;
  /**
   * Keeps the progress in the transaction of a step, so that either both are there or neither, and renews the lease.
   * Call it last: from then on a successor waits for the transaction's end.
   * @throws KeyLostError when another request has taken over; the transaction must then roll back.
   */
  keep(tx: TenantTx, progress: Progress): Promise<void>;
}
