import type { TenantTx } from '../../database/tenant-database';

export interface RecordState {
  id: string;
  asset_id: string | null;
  is_processed: boolean;
}

/** What the tenant's records of these ids are free for. Unknown and foreign ids are not among the answer. */
export function findRecordStates(tx: TenantTx, ids: readonly string[]): Promise<RecordState[]> {
  return tx.rows<RecordState>(
    `SELECT r.id, r.asset_id, r.is_processed
       FROM migration.raw_import_records r
      WHERE r.client_account_id = $1 AND r.engagement_id = $2 AND r.id = ANY ($3::uuid[])`,
    [ids],
  );
}
