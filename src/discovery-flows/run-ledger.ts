/** A run's totals, as its ledger has them. */
export type RunLedger = Record<
  | 'total_records'
  | 'created'
  | 'linked'
  | 'duplicates'
  | 'conflicts'
  | 'rejected'
  | 'pending'
  | 'chunks_done'
  | 'chunks_failed',
  number
>;
