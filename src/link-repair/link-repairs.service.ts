import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { recordAuditEvent } from '../audit/queries/record-audit-event';
import type { Actor } from '../auth/actor';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { ConflictError } from '../errors/conflict.error';
import { NotFoundError } from '../errors/not-found.error';
import type { Tenant } from '../tenancy/tenant';
import { PlanChangedError } from './plan-changed.error';
import { prepareForPlan } from './prepare-for-plan';
import { changeRows, type Direction } from './queries/change-rows';
import { findForbiddingKeys } from './queries/find-forbidding-keys';
import { insertChanges } from './queries/insert-changes';
import {
  beginUndo,
  findLiveRepair,
  findNextUnits,
  insertRepair,
  lockRepair,
  type RepairLedger,
  stopRepair,
  updateRepair,
} from './queries/repair-ledger';
import { type PlanSummary, summarisePlan } from './queries/summarise-plan';

/** A plan reads every link of a tenant; a script has the time. */
const PLAN_MS = 600_000;
const BATCH_LIMIT = { statement_ms: 30_000, idle_ms: 10_000 };

const UNDER_WAY: Readonly<Record<Direction, readonly string[]>> = {
  apply: ['planned', 'applying'],
  undo: ['undoing'],
};

interface NewRepair {
  /** What is done and undone together, whatever tenants it is about. */
  run_id: string;
  run_hash: string;
  plan_hash: string;
  fillOnly: boolean;
}

/** Plans what can be mended without doubt, writes that down, does it batch by batch, and takes it back. */
@Injectable()
export class LinkRepairs {
  constructor(private readonly database: TenantDatabase) {}

  /** @param fillOnly plan only what fills in missing links, and nothing that takes one away or replaces it. */
  plan(tenant: Tenant, options: { fillOnly: boolean }): Promise<PlanSummary> {
    return this.database.snapshot(tenant, async (tx) => {
      await prepareForPlan(tx, PLAN_MS);
      return summarisePlan(tx, options);
    });
  }

  /**
   * Writes the plan down, for whoever works on it outside of the service; no link changes yet.
   * @throws PlanChangedError when it is not the one of this hash any more, ConflictError beside a repair that has not
   * ended; then nothing is written.
   */
  begin(tenant: Tenant, { run_id, run_hash, plan_hash, fillOnly }: NewRepair): Promise<string> {
    return this.database.transaction(tenant, async (tx) => {
      await requireNoOther(tx);
      await prepareForPlan(tx, PLAN_MS);
      const id = uuidv7();
      const planned = await writeDown(tx, { id, plan_hash, fillOnly });
      const at = new Date();
      await insertRepair(tx, { id, run_id, run_hash, plan_hash, planned, at, inBackground: false });
      return id;
    });
  }

  /**
   * Begins the whole plan of the tenant, to be worked on by the service.
   * @throws PlanChangedError as `begin`; ConflictError beside a repair that has not ended.
   */
  async start(tx: TenantTx, actor: Actor, plan_hash: string): Promise<string> {
    await requireNoOther(tx);
    const id = uuidv7();
    const planned = await writeDown(tx, { id, plan_hash, fillOnly: false });
    const at = new Date();
    await insertRepair(tx, {
      id,
      run_id: id,
      run_hash: plan_hash,
      plan_hash,
      planned,
      at,
      inBackground: true,
    });
    await recordAuditEvent(tx, {
      actor,
      action: 'repair.started',
      target_type: 'link_repair',
      target_id: id,
      counts: { planned },
      details: { plan_hash },
    });
    return id;
  }

  /**
   * From here on it is to be undone by the service; asking twice does no harm. @returns whether anything is left to do.
   * @throws NotFoundError, ConflictError while it is being done, beside another one, or when a key forbids the old state.
   */
  async requestUndo(tx: TenantTx, actor: Actor, id: string): Promise<boolean> {
    const repair = await requireRepair(tx, id);
    if (repair.status === 'applying' || repair.status === 'planned') {
      throw new ConflictError(`Repair ${id} is ${repair.status}: it can be undone when it has ended.`);
    }
    return turnRound(tx, repair, actor);
  }

  /** As `requestUndo`, for whoever works on it outside of the service, also where that was interrupted. */
  async beginUndo(tenant: Tenant, id: string): Promise<void> {
    await this.database.transaction(tenant, async (tx) => turnRound(tx, await requireRepair(tx, id), null));
  }

  /**
   * Does or takes back about so many rows of it in one transaction, where that is what is to be done with it.
   * @returns where it stands then.
   */
  advance(tenant: Tenant, repair_id: string, direction: Direction, rows: number): Promise<RepairLedger> {
    return this.database.transaction(tenant, async (tx) => {
      await tx.limit(BATCH_LIMIT);
      const repair = await requireRepair(tx, repair_id);
      if (!UNDER_WAY[direction].includes(repair.status)) return repair;
      const at = new Date();
      const state = direction === 'apply' ? 'planned' : 'applied';
      const units = await findNextUnits(tx, { repair_id, state, rows });
      if (units === null) {
        repair.status = direction === 'apply' ? 'applied' : 'undone';
        await recordEnd(tx, repair);
      } else {
        const { written, leftAlone } = await changeRows(tx, direction, { repair_id, ...units, at });
        if (direction === 'apply') {
          repair.status = 'applying';
          repair.applied += written;
          repair.skipped += leftAlone;
        } else {
          repair.status = 'undoing';
          repair.undone += written;
        }
      }
      await updateRepair(tx, repair, at);
      return repair;
    });
  }

  /** The database refuses to go on; what was done until now stays. */
  stop(tenant: Tenant, id: string, error: string): Promise<void> {
    return this.database.transaction(tenant, async (tx) => {
      const repair = await requireRepair(tx, id);
      if (repair.status !== 'applying' && repair.status !== 'undoing') return;
      await stopRepair(tx, { id, at: new Date(), error });
      await recordEnd(tx, { ...repair, status: 'stopped' });
    });
  }
}

/** @param actor null where the service is not to do it. */
async function turnRound(tx: TenantTx, { id, status, applied }: RepairLedger, actor: Actor | null) {
  if (status === 'undone' || status === 'undoing') return status === 'undoing';
  await requireNoOther(tx, id);
  const keys = await findForbiddingKeys(tx, id);
  if (keys.length > 0) {
    throw new ConflictError(
      `Repair ${id} cannot be undone while ${keys.join(' and ')} forbid${keys.length === 1 ? 's' : ''} the links as ` +
        'they were; nothing was done. Roll the keys back first.',
    );
  }
  await beginUndo(tx, { id, at: new Date(), inBackground: actor !== null });
  await recordAuditEvent(tx, {
    actor,
    action: 'repair.undo_requested',
    target_type: 'link_repair',
    target_id: id,
    counts: { applied },
  });
  return true;
}

async function writeDown(
  tx: TenantTx,
  { id, plan_hash, fillOnly }: { id: string; plan_hash: string; fillOnly: boolean },
): Promise<number> {
  const written = await insertChanges(tx, { repair_id: id, fillOnly });
  if (written.plan_hash !== plan_hash) throw new PlanChangedError();
  return written.rows;
}

/** One at a time: two would write their plans down before either has changed a row. */
async function requireNoOther(tx: TenantTx, id: string | null = null): Promise<void> {
  const isLocked = await tx.tryLock('link repair');
  const live = await findLiveRepair(tx);
  if (live && live.id !== id) {
    const whose = live.in_background
      ? ''
      : ` It is a backfill's: whoever runs scripts goes on with --apply, or takes it back with --undo ${live.run_id}.`;
    throw new ConflictError(`Repair ${live.id} of this tenant has not ended yet.${whose}`);
  }
  if (!isLocked) throw new ConflictError('Another repair of this tenant is being started.');
}

async function requireRepair(tx: TenantTx, id: string): Promise<RepairLedger> {
  const repair = await lockRepair(tx, id);
  if (!repair) throw new NotFoundError(`There is no repair ${id}.`);
  return repair;
}

async function recordEnd(
  tx: TenantTx,
  { id, run_id, status, planned, applied, skipped, undone }: RepairLedger,
): Promise<void> {
  await recordAuditEvent(tx, {
    actor: null,
    action: 'repair.ended',
    target_type: 'link_repair',
    target_id: id,
    counts: { planned, applied, skipped, undone },
    details: { status, run_id },
  });
}
