import { recordAuditEvent } from '../audit/queries/record-audit-event';
import type { TenantTx } from '../database/tenant-database';
import type { Lease } from './lease';
import { finishRun } from './queries/finish-run';

/**
 * Ends a run that its worker has come to the end of. Who started it is told by its `run.started`.
 * @throws LeaseLostError when the lease is somebody else's by now.
 */
export async function endRun(tx: TenantTx, lease: Lease, error: string | null): Promise<void> {
  const { status, ledger } = await finishRun(tx, lease, { error, at: new Date() });
  await recordAuditEvent(tx, {
    actor: null,
    action: 'run.ended',
    target_type: 'discovery_run',
    target_id: lease.run_id,
    counts: ledger,
    details: { status },
  });
}
