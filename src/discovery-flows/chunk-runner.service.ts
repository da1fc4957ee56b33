import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings';
import { databaseErrorKind } from '../database/database-error-kind';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import type { Tenant } from '../tenancy/tenant';
import { type BadRow, isSystematic } from './bad-rows';
import { ChunkTries } from './chunk-tries';
import type { DiscoveryRun } from './discovery-run.entity';
import { CHUNK_IDLE_MS, CHUNK_TIMEOUT_MS, type Lease, LeaseLostError } from './lease';
import { persistRows, type RowSource } from './persist-rows';
import { rejectBadRows } from './reject-bad-rows';
import { advanceLedger } from './queries/advance-ledger';
import type { FateCounts } from './queries/count-fates';
import { enqueueRun } from './queries/enqueue-run';
import type { Chunk } from './queries/find-next-chunks';
import { findPendingRowNumbers } from './queries/find-pending-row-numbers';
import type { RowRange } from './queries/find-pending-rows';
import { isChunkPending } from './queries/is-chunk-pending';
import { releaseLease } from './queries/release-lease';
import { renewLease } from './queries/renew-lease';
import { stopRun } from './stop-run';
import { withRowsDecidedByOthers } from './with-rows-decided-by-others';

export interface RunWork extends RowSource {
  tenant: Tenant;
  run: DiscoveryRun;
  lease: Lease;
  /** performance.now() when the ledger was last written: what has passed since is work. */
  since: number;
  /** Transactions tried since then. */
  attempts: number;
  /** Whether the run has made an asset yet. */
  hasCreated: boolean;
  /** Whether the process is about to end. */
  stopping: () => boolean;
}

/** `gave back`: the slice is over and the next is queued. `settled`: somebody wanted the run paused or cancelled. */
export type ChunkEnd = 'committed' | 'gave back' | 'settled';

/** What is tried in one transaction, and what its failures have cost so far. */
interface Step {
  ends: boolean;
  persist: (tx: TenantTx, at: Date) => Promise<FateCounts>;
}

/** `stopping`: the step failed while the process is about to end, and another one will try it again. */
type StepEnd = { end: ChunkEnd; created: number } | { splitBy: unknown } | 'stopping';

/**
 * Brings one chunk of a run to its end. Usually that is one transaction: rows, links and ledger together. When it fails
 * by what a row holds, the chunk is halved until that row is alone, the other rows are persisted, and the row is
 * rejected with the reason; when it takes too long it is halved as well. Each part that is persisted is in the ledger by
 * the same transaction, so wherever a process dies the next one goes on with the rows that are left.
 */
@Injectable()
export class ChunkRunner {
  private readonly logger = new Logger(ChunkRunner.name);

  constructor(
    private readonly database: TenantDatabase,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws what the chunk failed with for good; LeaseLostError when the run is somebody else's by now. */
  async run(work: RunWork, chunk: Chunk, sliceEnds: () => boolean): Promise<ChunkEnd> {
    const step = (range: RowRange, ends: boolean): Step => ({
      ends,
      persist: (tx, at) => persistRows(tx, work, range, at),
    });
    const whole = await this.tries(work, chunk, step(chunk, true), sliceEnds);
    if (whole === 'stopping') return this.giveBack(work);
    if ('end' in whole) return whole.end;

    const badRows: BadRow[] = [];
    // What earlier tries have made of it counts too: nothing but bad rows may be left.
    let created = chunk.created;
    const ranges = await this.halves(work, chunk, whole.splitBy, badRows);
    for (let range = ranges.pop(); range; range = ranges.pop()) {
      if (work.stopping()) return this.giveBack(work);
      const part = await this.tries(work, chunk, step(range, false), () => false);
      if (part === 'stopping') return this.giveBack(work);
      if ('end' in part) {
        if (part.end === 'settled') return part.end;
        created += part.created;
      } else {
        ranges.push(...(await this.halves(work, range, part.splitBy, badRows)));
      }
      if (
        created === 0 &&
        isSystematic(badRows, { isLast: ranges.length === 0, hasCreated: work.hasCreated })
      )
        throw badRows[0]?.error;
    }
    const last: Step = { ends: true, persist: (tx, at) => rejectBadRows(tx, work, badRows, at) };
    const end = await this.tries(work, chunk, last, sliceEnds);
    if (end === 'stopping') return this.giveBack(work);
    if ('splitBy' in end) throw end.splitBy;
    return end.end;
  }

  /** What is persisted stays; the rest of the chunk is the next holder's. */
  private async giveBack(work: RunWork): Promise<ChunkEnd> {
    await this.database.transaction(work.tenant, async (tx) => {
      await releaseLease(tx, work.lease, new Date());
      await enqueueRun(tx, work.run.id);
    });
    return 'gave back';
  }

  /** The two halves of a range, the first one last; none of a range of one row, which is added to the bad ones. */
  private async halves(
    work: RunWork,
    range: RowRange,
    error: unknown,
    badRows: BadRow[],
  ): Promise<RowRange[]> {
    const rows = await this.database.snapshot(work.tenant, (tx) =>
      findPendingRowNumbers(tx, work.data_import_id, range),
    );
    const [only] = rows;
    if (only === undefined) return [];
    if (rows.length === 1) {
      // A row that takes too long alone is not at fault.
      if (databaseErrorKind(error) === 'timeout') throw error;
      badRows.push({ row_number: only, error });
      this.logger.warn({ err: error, run_id: work.lease.run_id, row_number: only }, 'row refused');
      return [];
    }
    const middle = rows[rows.length >> 1] ?? only;
    return [
      { first_row: middle, last_row: range.last_row },
      { first_row: range.first_row, last_row: middle - 1 },
    ];
  }

  private async tries(work: RunWork, chunk: Chunk, step: Step, sliceEnds: () => boolean): Promise<StepEnd> {
    const tries = new ChunkTries(work.run.failure_policy, this.settings);
    for (let isFirst = true; ; isFirst = false) {
      try {
        if (!isFirst && !(await this.stillMine(work, chunk))) return { end: 'committed', created: 0 };
        work.attempts++;
        return await this.commit(work, chunk, step, sliceEnds);
      } catch (error) {
        if (error instanceof LeaseLostError) throw error;
        const next = tries.after(error);
        if (next.step === 'give up') throw error;
        if (work.stopping()) return 'stopping';
        if (next.step === 'split') return { splitBy: error };
        this.logger.warn(
          { err: error, run_id: work.lease.run_id, chunk: chunk.chunk },
          'chunk is tried again',
        );
        await delay(next.pause_ms);
      }
    }
  }

  /**
   * Before another try: the lease for its whole time, and a look into the ledger, since a connection that was lost at
   * COMMIT leaves open whether the chunk is through. @throws LeaseLostError
   */
  private stillMine(work: RunWork, { chunk }: Chunk): Promise<boolean> {
    return this.database.transaction(work.tenant, async (tx) => {
      await renewLease(tx, work.lease, new Date());
      return isChunkPending(tx, work.lease.run_id, chunk);
    });
  }

  private async commit(
    work: RunWork,
    chunk: Chunk,
    { ends, persist }: Step,
    sliceEnds: () => boolean,
  ): Promise<StepEnd> {
    const result = await this.database.transaction(work.tenant, async (tx) => {
      await tx.limit({ statement_ms: CHUNK_TIMEOUT_MS, idle_ms: CHUNK_IDLE_MS });
      const at = new Date();
      const own = await persist(tx, at);
      const counts = ends ? await withRowsDecidedByOthers(tx, work, chunk, own) : own;
      const giveBack = ends && sliceEnds();
      const active_ms = performance.now() - work.since;
      const { attempts } = work;
      const ledger = { chunk: chunk.chunk, counts, ends, attempts, at, active_ms, giveBack };
      const requested = await advanceLedger(tx, work.lease, ledger);
      const { created } = counts;
      if (requested !== null) {
        await stopRun(tx, { run_id: work.run.id, requested, actor: null, at });
        return { end: 'settled' as const, created };
      }
      if (giveBack) await enqueueRun(tx, work.run.id);
      return { end: giveBack ? ('gave back' as const) : ('committed' as const), created };
    });
    work.since = performance.now();
    work.attempts = 0;
    work.hasCreated ||= result.created > 0;
    return result;
  }
}
