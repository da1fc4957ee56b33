import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { BackgroundTask } from '../background/background-task';
import { BackgroundWorker } from '../background/background-worker.service';
import { databaseErrorKind } from '../database/database-error-kind';
import { TenantDatabase } from '../database/tenant-database';
import { describeFailure } from '../errors/describe-failure';
import type { Tenant } from '../tenancy/tenant';
import { LinkRepair } from './link-repair.entity';
import { LinkRepairs } from './link-repairs.service';
import { ADVANCE_REPAIR, enqueueRepair } from './queries/enqueue-repair';
import { findStalledRepairs } from './queries/find-stalled-repairs';
import { reclaimRepair } from './queries/repair-ledger';

/** A slice ends after this time, so that repairs and runs share the workers. */
const SLICE_MS = 3_000;
/** Rows a transaction; fewer while they take too long. */
const BATCH = 1_000;
const SMALLEST_BATCH = 50;
const RECLAIM_LIMIT = { statement_ms: 1_000, idle_ms: 1_000 };
/** What may go away by itself is tried again; all else would fail again. */
const PASSING = new Set(['unavailable', 'transient', 'timeout', 'disk full']);

const payloadSchema = z.object({ client_account_id: z.uuid(), engagement_id: z.uuid(), repair_id: z.uuid() });

/**
 * Has the worker do repairs and undo them. Every batch locks the repair's row and goes on where the last one committed,
 * so two workers that take the same repair for theirs do no harm.
 */
@Injectable()
export class RepairTask implements BackgroundTask, OnModuleInit {
  readonly name = ADVANCE_REPAIR;
  private readonly logger = new Logger(RepairTask.name);

  constructor(
    private readonly repairs: LinkRepairs,
    private readonly database: TenantDatabase,
    private readonly dataSource: DataSource,
    private readonly worker: BackgroundWorker,
  ) {}

  onModuleInit(): void {
    this.worker.register(this);
  }

  async work(payload: unknown, stopping: () => boolean): Promise<void> {
    const { repair_id, ...tenant } = payloadSchema.parse(payload);
    try {
      await this.advance(tenant, repair_id, stopping);
    } catch (error) {
      if (PASSING.has(databaseErrorKind(error) ?? '')) throw error;
      this.logger.error({ err: error, repair_id }, 'a repair cannot go on');
      await this.repairs.stop(tenant, repair_id, describeFailure(error));
    }
  }

  async reclaim(at: Date): Promise<void> {
    for (const { repair_id, ...tenant } of await findStalledRepairs(this.dataSource, at)) {
      await this.release(tenant, repair_id, at).catch((error: unknown) => {
        this.logger.warn({ err: error, repair_id }, 'a stalled repair could not be queued again');
      });
    }
  }

  private async advance(tenant: Tenant, repair_id: string, stopping: () => boolean): Promise<void> {
    let end = Date.now() + SLICE_MS;
    const repair = await this.database.snapshot(tenant, (tx) => tx.findOne(LinkRepair, { id: repair_id }));
    if (!repair) return;
    const direction = repair.status === 'undoing' ? 'undo' : 'apply';
    const underWay = direction === 'apply' ? 'applying' : 'undoing';
    let rows = BATCH;
    for (let isOver = false; !isOver; isOver = stopping() || Date.now() > end) {
      try {
        const { status } = await this.repairs.advance(tenant, repair_id, direction, rows);
        if (status !== underWay) return;
      } catch (error) {
        if (databaseErrorKind(error) !== 'timeout' || rows <= SMALLEST_BATCH) throw error;
        rows = Math.max(SMALLEST_BATCH, Math.floor(rows / 4));
        // The slice is long over by now, and the next one would begin with as many rows as this one did.
        end = Date.now() + SLICE_MS;
      }
    }
    await this.database.transaction(tenant, (tx) => enqueueRepair(tx, repair_id));
  }

  private release(tenant: Tenant, repair_id: string, at: Date): Promise<void> {
    return this.database.transaction(tenant, async (tx) => {
      await tx.limit(RECLAIM_LIMIT);
      if (!(await reclaimRepair(tx, repair_id, at))) return;
      await enqueueRepair(tx, repair_id);
      this.logger.warn({ repair_id }, 'a repair stood still; it is queued again');
    });
  }
}
