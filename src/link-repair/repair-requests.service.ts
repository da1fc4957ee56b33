import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor';
import { Slots } from '../concurrency/slots';
import { TenantDatabase, type TenantTx } from '../database/tenant-database';
import { NotFoundError } from '../errors/not-found.error';
import type { Tenant } from '../tenancy/tenant';
import { countBrokenLinks } from '../wiring-health/queries/count-broken-links';
import { countOpenEnds } from '../wiring-health/queries/count-open-ends';
import { countOrphanFlowRefs } from '../wiring-health/queries/count-orphan-flow-refs';
import { METRIC_NAMES } from '../wiring-health/wiring-checks';
import { RepairPlan } from './dto/repair-plan';
import { LinkRepair } from './link-repair.entity';
import { LinkRepairs } from './link-repairs.service';
import { prepareForPlan } from './prepare-for-plan';
import { describePlan } from './queries/describe-plan';
import { enqueueRepair } from './queries/enqueue-repair';
import { REFUSALS, REPAIR_RULES } from './repair-words';

/** Somebody waits for the answer. */
const PLAN_MS = 60_000;
const PLANS_AT_A_TIME = 2;

/** What is asked of repairs over HTTP. */
@Injectable()
export class RepairRequests {
  private readonly slots = new Slots(PLANS_AT_A_TIME);

  constructor(
    private readonly database: TenantDatabase,
    private readonly repairs: LinkRepairs,
  ) {}

  /** What a repair would do now, and what the health would count after it: all of it in one snapshot. */
  plan(tenant: Tenant): Promise<RepairPlan> {
    return this.inTurn(() =>
      this.database.snapshot(tenant, async (tx) => {
        await prepareForPlan(tx, PLAN_MS);
        const { effects, by_rule, refused, ...plan } = await describePlan(tx);
        const counts = {
          ...(await countOpenEnds(tx)),
          ...(await countBrokenLinks(tx)),
          assets_with_orphan_discovery_flow_ref: await countOrphanFlowRefs(tx),
        };
        return {
          ...plan,
          metrics: METRIC_NAMES.map((name) => {
            const { fixable, opened, how, samples } = effects[name] ?? NO_EFFECT;
            return {
              name,
              count: counts[name],
              fixable,
              left: counts[name] - fixable + opened,
              how,
              samples,
            };
          }),
          rules: inWords(by_rule, REPAIR_RULES, (rule, count) => ({ rule, count })),
          refused: inWords(refused, REFUSALS, (reason, rows) => ({ reason, ...rows })),
        };
      }),
    );
  }

  /** For whatever computes a plan: each holds a connection of the pool for as long as that lasts. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.slots.use(work);
  }

  /** Begins what the plan of this hash says, in the caller's transaction; the work is the workers'. */
  async start(tx: TenantTx, actor: Actor, plan_hash: string): Promise<LinkRepair> {
    await prepareForPlan(tx, PLAN_MS);
    const id = await this.repairs.start(tx, actor, plan_hash);
    await enqueueRepair(tx, id);
    return this.require(tx, id);
  }

  get(tenant: Tenant, id: string): Promise<LinkRepair> {
    return this.database.snapshot(tenant, (tx) => this.require(tx, id));
  }

  /** @throws as `LinkRepairs.requestUndo`. */
  async undo(tx: TenantTx, actor: Actor, id: string): Promise<LinkRepair> {
    if (await this.repairs.requestUndo(tx, actor, id)) await enqueueRepair(tx, id);
    return this.require(tx, id);
  }

  private async require(tx: TenantTx, id: string): Promise<LinkRepair> {
    const repair = await tx.findOne(LinkRepair, { id });
    if (!repair) throw new NotFoundError(`There is no repair ${id}.`);
    return repair;
  }
}

const NO_EFFECT = { fixable: 0, opened: 0, how: {}, samples: [] };

/** In the order in which the words are explained, each with its explanation. */
function inWords<Word extends string, Counted, Shown extends object>(
  counts: Partial<Record<Word, Counted>>,
  words: Record<Word, string>,
  show: (word: Word, counted: Counted) => Shown,
): (Shown & { description: string })[] {
  return (Object.keys(words) as Word[]).flatMap((word) => {
    const counted = counts[word];
    return counted === undefined ? [] : [{ ...show(word, counted), description: words[word] }];
  });
}
