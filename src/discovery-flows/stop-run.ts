import { recordAuditEvent } from '../audit/queries/record-audit-event';
import type { Actor } from '../auth/actor';
import type { TenantTx } from '../database/tenant-database';
import type { RunRequest } from './discovery-run.entity';
import { settleRun } from './queries/settle-run';
import { SETTLED_AS } from './settled-as';

interface Stop {
  run_id: string;
  requested: RunRequest;
  /** Who stops it now; null for a worker that does what somebody asked for earlier. */
  actor: Actor | null;
  at: Date;
}

/** Pauses or cancels a run between two chunks, as a person asked. The caller holds the run's row. */
export async function stopRun(tx: TenantTx, { run_id, requested, actor, at }: Stop): Promise<void> {
  const ledger = await settleRun(tx, { run_id, ...SETTLED_AS[requested], at });
  await recordAuditEvent(tx, {
    actor,
    action: requested === 'pause' ? 'run.paused' : 'run.cancelled',
    target_type: 'discovery_run',
    target_id: run_id,
    counts: ledger,
  });
}
