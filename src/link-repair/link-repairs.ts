import { v7 as uuidv7 } from 'uuid';
import type { TenantDatabase, TenantTx } from '../database/tenant-database';
import { NotFoundError } from '../errors/not-found.error';
import type { Tenant } from '../tenancy/tenant';
import { PlanChangedError } from './plan-changed.error';
import { changeRows, type Direction } from './queries/change-rows';
import { insertChanges } from './queries/insert-changes';
import { findNextUnits, insertRepair, lockRepair, updateRepair } from './queries/repair-ledger';
import { type PlanSummary, summarisePlan } from './queries/summarise-plan';
import type { RepairState } from './repair-state';

/** A plan reads every link of a tenant. */
const PLAN_LIMIT = { statement_ms: 600_000, idle_ms: 60_000 };
const BATCH_LIMIT = { statement_ms: 30_000, idle_ms: 10_000 };

interface NewRepair {
  /** What is done and undone together, whatever tenants it is about. */
  run_id: string;
  run_hash: string;
  plan_hash: string;
  fillOnly: boolean;
}

/** Plans what can be mended without doubt, writes that down, does it batch by batch, and takes it back. */
export class LinkRepairs {
  constructor(private readonly database: TenantDatabase) {}

  /** @param fillOnly plan only what fills in missing links, and nothing that takes one away or replaces it. */
  plan(tenant: Tenant, options: { fillOnly: boolean }): Promise<PlanSummary> {
    return this.database.snapshot(tenant, async (tx) => {
      await prepareForPlan(tx);
      return summarisePlan(tx, options);
    });
  }

  /**
   * Writes the plan down; no link changes yet.
   * @throws PlanChangedError when it is not the one of this hash any more; then nothing is written.
   */
  begin(tenant: Tenant, { run_id, run_hash, plan_hash, fillOnly }: NewRepair): Promise<string> {
    return this.database.transaction(tenant, async (tx) => {
      await prepareForPlan(tx);
      const id = uuidv7();
      const written = await insertChanges(tx, { repair_id: id, fillOnly });
      if (written.plan_hash !== plan_hash) throw new PlanChangedError();
      await insertRepair(tx, { id, run_id, run_hash, plan_hash, planned: written.rows, at: new Date() });
      return id;
    });
  }

  /** Does or takes back about so many rows of it in one transaction. @returns where it stands then. */
  advance(tenant: Tenant, repair_id: string, direction: Direction, rows: number): Promise<RepairState> {
    return this.database.transaction(tenant, async (tx) => {
      await tx.limit(BATCH_LIMIT);
      const repair = await lockRepair(tx, repair_id);
      if (!repair) throw new NotFoundError(`No repair ${repair_id}`);
      const at = new Date();
      const state = direction === 'apply' ? 'planned' : 'applied';
      const units = await findNextUnits(tx, { repair_id, state, rows });
      if (units === null) {
        repair.status = direction === 'apply' ? 'applied' : 'undone';
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
}

/**
 * Nobody has counted how many links are broken, and the planner takes them for a few: joined in nested loops, many would
 * take hours. Hashed, the plan takes as long as the tenant is large.
 */
async function prepareForPlan(tx: TenantTx): Promise<void> {
  await tx.limit(PLAN_LIMIT);
  await tx.planForThisTenant();
  await tx.control('SET LOCAL enable_nestloop = off');
}
