import { Injectable } from '@nestjs/common';
import { recordAuditEvent } from '../audit/queries/record-audit-event';
import type { Actor } from '../auth/actor';
import type { TenantTx } from '../database/tenant-database';
import { ConflictError } from '../errors/conflict.error';
import { NotFoundError } from '../errors/not-found.error';
import type { RunRequest } from './discovery-run.entity';
import { enqueueRun } from './queries/enqueue-run';
import { findLiveRun } from './queries/find-live-run';
import { lockImport } from './queries/lock-import';
import { type LockedRun, lockRun } from './queries/lock-run';
import { requestRun } from './queries/request-run';
import { requeueRun } from './queries/requeue-run';
import { startFlow } from './queries/start-flow';
import { requireFlow } from './require-flow';
import { stopRun } from './stop-run';

/** What a person asks of a run: each takes effect between two chunks, and asking twice does no harm. */
@Injectable()
export class RunControl {
  /** @throws ConflictError when the run has ended. */
  async pause(tx: TenantTx, actor: Actor, flow_id: string, run_id: string): Promise<void> {
    const { run, at } = await this.lock(tx, flow_id, run_id);
    if (run.status === 'paused') {
      // It waits for a person from now on, and not for its time.
      if (run.goes_on_by_itself) await stopRun(tx, { run_id, requested: 'pause', actor, at });
      return;
    }
    await this.stop(tx, actor, run, 'pause', at);
  }

  /** Its pending rows stay pending. @throws ConflictError when the run has ended otherwise. */
  async cancel(tx: TenantTx, actor: Actor, flow_id: string, run_id: string): Promise<void> {
    const { run, at } = await this.lock(tx, flow_id, run_id);
    if (run.status === 'cancelled') return;
    await this.stop(tx, actor, run, 'cancel', at);
  }

  /** @throws ConflictError when the run has ended, or is being cancelled. */
  async resume(tx: TenantTx, actor: Actor, flow_id: string, run_id: string): Promise<void> {
    const { run, at } = await this.lock(tx, flow_id, run_id);
    if (run.requested === 'cancel') throw new ConflictError(`Run ${run_id} is being cancelled.`);
    if (run.status === 'queued' || (run.status === 'running' && run.requested === null)) return;
    if (run.status === 'paused') await this.queue(tx, run, at);
    else if (run.status === 'running') await requestRun(tx, { run_id, requested: null, at });
    else throw ended(run);
    await record(tx, { actor, action: 'run.resumed', run, counts: {} });
  }

  /**
   * Tries a run's failed chunks again, and after them those that it never came to.
   * @throws ConflictError when no chunk of it has failed, when it has not ended, or beside a live run over the rows.
   */
  async retry(tx: TenantTx, actor: Actor, flow_id: string, run_id: string): Promise<void> {
    const { run, at } = await this.lock(tx, flow_id, run_id);
    if (run.status !== 'failed' && run.status !== 'completed_with_errors') {
      throw new ConflictError(
        `Run ${run_id} is ${run.status}: only failed chunks of an ended run are tried again.`,
      );
    }
    if (run.chunks_failed === 0)
      throw new ConflictError(`No chunk of run ${run_id} has failed; start a new run.`);
    await lockImport(tx, run.data_import_id);
    const live = await findLiveRun(tx, run.data_import_id);
    if (live !== null) throw new ConflictError(`Run ${live.id} over these rows has not ended yet.`);
    await this.queue(tx, run, at);
    await record(tx, { actor, action: 'run.retried', run, counts: { chunks_failed: run.chunks_failed } });
  }

  private async lock(tx: TenantTx, flow_id: string, run_id: string): Promise<{ run: LockedRun; at: Date }> {
    const at = new Date();
    const { id: flow_key } = await requireFlow(tx, flow_id);
    const run = await lockRun(tx, { run_id, flow_key, at });
    if (!run) throw new NotFoundError(`There is no run ${run_id} of flow ${flow_id}.`);
    return { run, at };
  }

  /** At once when nobody works on it, else when the chunk under way has ended. */
  private async stop(
    tx: TenantTx,
    actor: Actor,
    run: LockedRun,
    requested: RunRequest,
    at: Date,
  ): Promise<void> {
    if (!['queued', 'running', 'paused'].includes(run.status)) throw ended(run);
    if (!run.is_held) {
      await stopRun(tx, { run_id: run.id, requested, actor, at });
      return;
    }
    if (run.requested === requested) return;
    await requestRun(tx, { run_id: run.id, requested, at });
    await record(tx, { actor, action: `run.${requested}_requested`, run, counts: {} });
  }

  private async queue(tx: TenantTx, run: LockedRun, at: Date): Promise<void> {
    await requeueRun(tx, { run_id: run.id, at });
    await startFlow(tx, { id: run.discovery_flow_id, at });
    await enqueueRun(tx, run.id);
  }
}

interface Asked {
  actor: Actor;
  action: 'run.resumed' | 'run.retried' | `run.${RunRequest}_requested`;
  run: LockedRun;
  counts: Record<string, number>;
}

function record(tx: TenantTx, { run, ...asked }: Asked): Promise<void> {
  return recordAuditEvent(tx, { ...asked, target_type: 'discovery_run', target_id: run.id });
}

function ended({ id, status }: LockedRun): ConflictError {
  return new ConflictError(`Run ${id} is ${status}; nothing more can be asked of it.`);
}
