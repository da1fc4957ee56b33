import type { TenantTx } from '../../database/tenant-database';
import type { WrittenAnswer } from '../written-answer';

export interface KnownKey {
  fingerprint: string;
  /** Null while the request is not done. */
  answer: Omit<WrittenAnswer, 'replayed'> | null;
}

/** The tenant's key, unless it was first used before `since`. Served by the primary key. */
export async function findKey(tx: TenantTx, key: string, since: Date): Promise<KnownKey | null> {
  const [row] = await tx.rows<{
    fingerprint: string;
    status: 'running' | 'done';
    response_status: number;
    response_location: string | null;
    response_body: string;
  }>(
    `SELECT k.fingerprint, k.status, k.response_status, k.response_location, k.response_body
       FROM migration.idempotency_keys k
      WHERE k.client_account_id = $1 AND k.engagement_id = $2 AND k.key = $3 AND k.created_at > $4`,
    [key, since],
  );
  if (!row) return null;
  const { fingerprint, status, response_status, response_location, response_body } = row;
  if (status === 'running') return { fingerprint, answer: null };
  return {
    fingerprint,
    answer: { status: response_status, location: response_location, text: response_body },
  };
}
