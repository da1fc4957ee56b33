import { createHash } from 'node:crypto';
import Table from 'cli-table3';
import { Client, DatabaseError } from 'pg';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { dataSourceOptions } from '../src/database/data-source-options';
import { databaseErrorKind } from '../src/database/database-error-kind';
import { displayUrl } from '../src/database/display-url';
import { requireBypass } from '../src/database/require-bypass';
import { SERVICE_ROLE } from '../src/database/roles';
import { TenantDatabase } from '../src/database/tenant-database';
import { withDatabaseUrl } from '../src/database/with-database';
import { LinkRepairs } from '../src/link-repair/link-repairs.service';
import { REFUSALS } from '../src/link-repair/repair-words';
import type { PlanSummary } from '../src/link-repair/queries/summarise-plan';
import type { Tenant } from '../src/tenancy/tenant';
import {
  commitToRun,
  discardPlanned,
  findApplied,
  findInterrupted,
  findRun,
  listTenants,
  lockBackfills,
  type TenantRepair,
} from './backfill/backfill-ledger';
import { type BackfillOptions, HELP, readBackfillOptions } from './backfill/backfill-options';
import { throttle } from './backfill/throttle';
import { showProgress } from './client/show-progress';
import { UsageError } from './usage-error';

const MAX_TRIES = 10;

interface TenantPlan extends PlanSummary {
  tenant: Tenant;
}

interface Plan {
  tenants: TenantPlan[];
  hash: string;
}

interface Backfill {
  client: Client;
  repairs: LinkRepairs;
  options: BackfillOptions;
}

const say = (line = '') => {
  console.log(line);
};

async function main(): Promise<boolean> {
  const options = readBackfillOptions(process.argv.slice(2));
  if (options.command === 'help') {
    say(HELP);
    return true;
  }
  return withDatabaseUrl(process.env, async (url) => {
    const client = new Client({
      connectionString: url,
      application_name: 'backfill-discovery-wiring',
      connectionTimeoutMillis: 10_000,
    });
    // A connection that is cut between two statements is told by the next one.
    client.on('error', () => undefined);
    await client.connect();
    // Rows are written as the service writes them: behind the walls, one tenant in each transaction.
    const dataSource = new DataSource(dataSourceOptions(url, { poolSize: 1, role: SERVICE_ROLE }));
    try {
      say(`Database ${displayUrl(url)}`);
      await requireBypass(client);
      await dataSource.initialize();
      const repairs = new LinkRepairs(new TenantDatabase(dataSource));
      return await run({ client, repairs, options });
    } finally {
      if (dataSource.isInitialized) await dataSource.destroy();
      await client.end();
    }
  });
}

/** @returns whether all was done that was asked for. */
async function run(backfill: Backfill): Promise<boolean> {
  const { client, options } = backfill;
  if (options.command === 'plan') {
    const plan = await makePlan(backfill);
    printPlan(plan);
    say(
      plan.hash === ''
        ? 'Nothing can be filled in.'
        : `Plan hash: ${plan.hash}\nDry run, nothing was changed. To do exactly this: --apply ${plan.hash}`,
    );
    return true;
  }
  if (!(await lockBackfills(client)))
    throw new Error('Another backfill is at work in this database; let it end first');
  return options.command === 'apply' ? apply(backfill) : undo(backfill);
}

async function makePlan({ client, repairs, options }: Backfill): Promise<Plan> {
  const tenants: TenantPlan[] = [];
  for (const tenant of options.tenant ? [options.tenant] : await listTenants(client)) {
    tenants.push({ tenant, ...(await repairs.plan(tenant, { fillOnly: true })) });
  }
  const lines = tenants
    .filter(({ plan_hash }) => plan_hash !== null)
    .map(
      ({ tenant, plan_hash }) => `${tenant.client_account_id} ${tenant.engagement_id} ${String(plan_hash)}`,
    );
  const hash = lines.length === 0 ? '' : createHash('sha256').update(lines.join('\n')).digest('hex');
  return { tenants, hash };
}

function printPlan({ tenants }: Plan): void {
  const sum = (countsOf: (plan: TenantPlan) => [string, number][]) => {
    const total = new Map<string, number>();
    for (const [name, count] of tenants.flatMap(countsOf)) total.set(name, (total.get(name) ?? 0) + count);
    return [...total].sort(([one], [two]) => (one < two ? -1 : 1));
  };
  const table = new Table({
    head: ['Rule', 'Rows'],
    colAligns: ['left', 'right'],
    style: { head: [], border: [] },
  });
  for (const row of sum(({ by_rule }) => Object.entries(by_rule))) table.push(row);
  for (const [why, count] of sum(({ refused }) =>
    Object.entries(refused).map(([reason, { count }]): [string, number] => [reason, count]),
  ))
    table.push([`refused: ${why}`, count]);
  const rows = tenants.reduce((total, plan) => total + plan.rows, 0);
  table.push(['rows to write', rows]);
  say(`${tenants.length} ${tenants.length === 1 ? 'tenant' : 'tenants'}`);
  say(table.toString());
  for (const { tenant, refused } of tenants) {
    for (const [reason, { count, samples }] of Object.entries(refused)) {
      say(
        `refused, client ${tenant.client_account_id}, engagement ${tenant.engagement_id}: ${count} ${reason}. ` +
          REFUSALS[reason as keyof typeof REFUSALS],
      );
      for (const { table: of, id } of samples) say(`  ${of} ${id}`);
      if (count > samples.length) say(`  and ${count - samples.length} more`);
    }
  }
}

async function apply(backfill: Backfill): Promise<boolean> {
  const { client, options } = backfill;
  const interrupted = await findInterrupted(client, options.of);
  if (interrupted.length > 0) say('This plan was begun before; going on with it.');
  const begun = interrupted.length > 0 ? interrupted : await begin(backfill);
  if (begun === null) {
    // Whoever lost his connection cannot know that it came to its end, and gives the same command.
    const done = await findApplied(client, options.of);
    if (done !== null) {
      say(`This plan was carried out by run ${done}; nothing is left of it to do.`);
      return true;
    }
    say(
      'The links have changed since this plan was made; nothing was done. Make a new plan, and apply that.',
    );
    return false;
  }
  const run_id = begun[0]?.run_id ?? '';
  say(`Run ${run_id} (to take it back: --undo ${run_id})`);
  const ended = await advanceAll(backfill, begun, 'apply');
  const skipped = ended.reduce((sum, repair) => sum + repair.skipped, 0);
  if (skipped > 0)
    say(`${skipped} rows had changed since the plan was made and were left alone; plan again.`);
  return skipped === 0;
}

/** Writes the plan of every tenant down before the first row changes. Null: it is another plan by now. */
async function begin(backfill: Backfill): Promise<TenantRepair[] | null> {
  const { client, repairs, options } = backfill;
  await discardPlanned(client);
  const plan = await makePlan(backfill);
  if (plan.hash !== options.of) return null;
  const run_id = uuidv7();
  try {
    for (const { tenant, plan_hash } of plan.tenants) {
      if (plan_hash !== null)
        await repairs.begin(tenant, { run_id, run_hash: plan.hash, plan_hash, fillOnly: true });
    }
  } catch (error) {
    await discardPlanned(client);
    throw error;
  }
  return commitToRun(client, run_id);
}

async function undo(backfill: Backfill): Promise<boolean> {
  const found = await findRun(backfill.client, backfill.options.of);
  if (found.length === 0) throw new UsageError(`--undo: there is no run ${backfill.options.of}`);
  for (const { id, client_account_id, engagement_id } of found) {
    await backfill.repairs.beginUndo({ client_account_id, engagement_id }, id);
  }
  const ended = await advanceAll(backfill, found, 'undo');
  const kept = ended.reduce((sum, repair) => sum + repair.applied - repair.undone, 0);
  if (kept > 0) say(`${kept} rows have changed since and were left alone.`);
  return kept === 0;
}

async function advanceAll(
  backfill: Backfill,
  all: readonly TenantRepair[],
  direction: 'apply' | 'undo',
): Promise<TenantRepair[]> {
  const done = (repair: TenantRepair) =>
    direction === 'apply' ? repair.applied + repair.skipped : repair.undone;
  const total = (repair: TenantRepair) => (direction === 'apply' ? repair.planned : repair.applied);
  const sum = (count: (repair: TenantRepair) => number) =>
    all.reduce((rows, repair) => rows + count(repair), 0);
  return showProgress({
    label: direction,
    total: sum(total),
    run: async (advance) => {
      const ended: TenantRepair[] = [];
      let before = 0;
      for (const repair of all) {
        const end = await advanceOne(backfill, repair, direction, (now) => {
          advance(before + done(now));
        });
        before += done(end);
        ended.push(end);
      }
      return ended;
    },
    outcome: (ended) =>
      `${ended.reduce((rows, repair) => rows + (direction === 'apply' ? repair.applied : repair.undone), 0)} rows ` +
      (direction === 'apply' ? 'written' : 'put back'),
  });
}

async function advanceOne(
  { client, repairs, options }: Backfill,
  repair: TenantRepair,
  direction: 'apply' | 'undo',
  onAdvance: (now: TenantRepair) => void,
): Promise<TenantRepair> {
  const { client_account_id, engagement_id } = repair;
  const tenant = { client_account_id, engagement_id };
  let tries = 0;
  for (let now = repair; ;) {
    try {
      now = { ...tenant, ...(await repairs.advance(tenant, repair.id, direction, options.batchSize)) };
      tries = 0;
    } catch (error) {
      tries += 1;
      const kind = databaseErrorKind(error);
      if (tries === MAX_TRIES || (kind !== 'transient' && kind !== 'timeout')) throw explain(error);
    }
    onAdvance(now);
    if (now.status === (direction === 'apply' ? 'applied' : 'undone') && tries === 0) return now;
    await throttle(client, options.pauseMs);
  }
}

function explain(error: unknown): unknown {
  if (!(error instanceof DatabaseError) || error.code !== '23503') return error;
  const key = error.constraint ?? 'a wiring key';
  return new Error(
    `${key} forbids the state to be written. What was done until now stays, and the same command goes on; ` +
      `the key can be dropped first: npx ts-node scripts/rollback-wiring-constraints.ts --only ${key}`,
  );
}

main().then(
  (done) => (process.exitCode = done ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
