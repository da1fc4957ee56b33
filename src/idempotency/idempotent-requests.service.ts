import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { ConflictError } from '../errors/conflict.error';
import { KeyReusedError } from '../errors/key-reused.error';
import type { Tenant } from '../tenancy/tenant';
import type { Answer } from './answer';
import type { IdempotentRequest } from './idempotent-request';
import type { KeyLease } from './key-lease';
import { completeKey } from './queries/complete-key';
import { findKey } from './queries/find-key';
import { insertDoneKey } from './queries/insert-done-key';
import { insertRunningKey } from './queries/insert-running-key';
import { keepProgress } from './queries/keep-progress';
import { pruneKeys } from './queries/prune-keys';
import { releaseKey } from './queries/release-key';
import { takeKeyOver } from './queries/take-key-over';
import type { Steps } from './steps';
import { type WrittenAnswer, writtenAnswer } from './written-answer';

const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * Does what a request asks for exactly once, however often it is sent with the same `Idempotency-Key`. A request
 * without a key (null) is done each time.
 *
 * Both ways throw ConflictError (409) while the first request is still running and KeyReusedError (422) when the key
 * belongs to another request. A request that fails leaves its key free.
 */
@Injectable()
export class IdempotentRequests {
  private readonly logger = new Logger(IdempotentRequests.name);

  constructor(private readonly database: TenantDatabase) {}

  /**
   * For work of one transaction. The key and its answer are written by that transaction, so that work and key are both
   * there or neither, wherever a process dies. `work` makes the answer as well, from what the transaction sees.
   */
  async transaction(
    tenant: Tenant,
    request: IdempotentRequest | null,
    work: (tx: TenantTx) => Promise<Answer>,
  ): Promise<WrittenAnswer> {
    return this.database.transaction(tenant, async (tx) => {
      if (request === null) return writtenAnswer(await work(tx));
      const earlier = await this.enter(tx, request);
      if (earlier === 'interrupted') throw stillRunning();
      if (earlier !== null) return earlier;
      const answer = writtenAnswer(await work(tx));
      const at = new Date();
      await insertDoneKey(tx, request, answer, at);
      await pruneKeys(tx, keptSince(at));
      return answer;
    });
  }

  /**
   * For work of several transactions, which keeps its progress in each of them. The key is claimed first, for as long
   * as the work gives signs of life. When its process dies, the next request with the key goes on where it stopped;
   * when it fails, the key is free, or ready to be taken over at once where progress was kept.
   */
  async inSteps<Progress extends object>(
    tenant: Tenant,
    request: IdempotentRequest | null,
    work: (steps: Steps<Progress>) => Promise<Answer>,
  ): Promise<WrittenAnswer> {
    if (request === null) {
      return writtenAnswer(await work({ isKept: false, progress: null, keep: () => Promise.resolve() }));
    }
    const lease: KeyLease = { key: request.key, owner: randomUUID() };
    const claim = await this.database.transaction(tenant, (tx) => this.claim(tx, request, lease));
    if ('earlier' in claim) return claim.earlier;
    try {
      const answer = writtenAnswer(
        await work({
          isKept: true,
          // What this very request kept: its fingerprint is the same.
          progress: claim.progress as Progress | null,
          keep: (tx, progress) => keepProgress(tx, lease, progress, new Date()),
        }),
      );
      await this.database.transaction(tenant, (tx) => completeKey(tx, lease, answer, new Date()));
      return answer;
    } catch (error) {
      await this.release(tenant, lease);
      throw error;
    }
  }

  private async claim(
    tx: TenantTx,
    request: IdempotentRequest,
    lease: KeyLease,
  ): Promise<{ earlier: WrittenAnswer } | { progress: unknown }> {
    const earlier = await this.enter(tx, request);
    const at = new Date();
    if (earlier === 'interrupted') {
      const row = await takeKeyOver(tx, lease, at);
      if (row === null) throw stillRunning();
      this.logger.warn('interrupted request taken over');
      return row;
    }
    if (earlier !== null) return { earlier };
    await insertRunningKey(tx, request, lease, at);
    await pruneKeys(tx, keptSince(at));
    return { progress: null };
  }

  /**
   * Locks the key until the end of the transaction. A request whose work is one transaction shows only by that lock.
   * @returns null when the request is the first, its answer when it was done, `interrupted` when it was begun and its
   * lease may have ended.
   */
  private async enter(
    tx: TenantTx,
    request: IdempotentRequest,
  ): Promise<WrittenAnswer | 'interrupted' | null> {
    const isLocked = await tx.tryLock(`idempotency ${request.key}`);
    // Only now: what committed before the lock was to be had must be seen.
    const row = await findKey(tx, request.key, keptSince(new Date()));
    if (row !== null && row.fingerprint !== request.fingerprint) {
      throw new KeyReusedError('The Idempotency-Key was used for another request: choose a new one.');
    }
    if (row?.answer) return { ...row.answer, replayed: true };
    if (!isLocked) throw stillRunning();
    return row === null ? null : 'interrupted';
  }

  /** Where the database is away as well, the end of the lease sets the key free. */
  private async release(tenant: Tenant, lease: KeyLease): Promise<void> {
    try {
      await this.database.transaction(tenant, (tx) => releaseKey(tx, lease, new Date()));
    } catch (error) {
      this.logger.warn({ err: error }, 'an idempotency key stays taken until its lease ends');
    }
  }
}

function keptSince(at: Date): Date {
  return new Date(at.getTime() - KEPT_MS);
}

function stillRunning(): ConflictError {
  return new ConflictError('A request with this Idempotency-Key is still running. Send it again later.');
}
