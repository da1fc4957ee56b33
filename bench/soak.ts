import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { Client } from 'pg';
import { startEmbeddedServer } from '../src/database/embedded-server';
import type { Tenant } from '../src/tenancy/tenant';
import { ApiClient, newTenant } from '../test/support/api-client';
import { serversCsv } from '../test/support/inventory';
import { ServiceProcess } from '../test/support/service-process';

/**
 * Runs over 50,000 rows, one after the other, while their process is killed (kill -9) again and again at random
 * moments, and database connections are terminated now and then. Every run must end by itself with every row linked
 * once. Prints what was done and found; exits 1 when a row is lost, doubled or linked one way only.
 *
 *   npm run soak -- --minutes 20
 */
const ROWS = 50_000;
/** A second process is there from the start, so that a killed one is survived as well as restarted. */
const PROCESSES = 2;
const GIVE_UP_MS = 10 * 60_000;

interface Tally {
  runs: number;
  kills: number;
  /** Of them, in the middle of a run: the run had decided some rows, and not all. */
  kills_in_run: number;
  /** After how many of these the lease was left to run out by itself; after the others time is made to pass. */
  leases_waited_for: number;
  connections_terminated: number;
  rows: number;
  lost: number;
  doubled: number;
  half_linked: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' } } });
  const end = Date.now() + Number(values.minutes) * 60_000;
  const dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-soak-'));
  // For root the server runs as another user, who must get in.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedServer({ dataDir });
  const env = { DATABASE_URL: server.url, DATA_DIR: dataDir, MIGRATE_ON_START: 'true', LOG_LEVEL: 'info' };
  const processes: ServiceProcess[] = [];
  const tally: Tally = {
    ...{ runs: 0, kills: 0, kills_in_run: 0, leases_waited_for: 0, connections_terminated: 0 },
    ...{ rows: 0, lost: 0, doubled: 0, half_linked: 0 },
  };
  const sql = new Client({ connectionString: server.url });
  try {
    for (let i = 0; i < PROCESSES; i++) processes.push(await ServiceProcess.start(env));
    await sql.connect();
    while (Date.now() < end) await disturbedRun(processes, env, sql, tally);
  } finally {
    await Promise.all(processes.map((service) => service.kill()));
    await sql.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
  const table = new Table();
  for (const [what, count] of Object.entries(tally)) table.push({ [what.replaceAll('_', ' ')]: count });
  console.log(table.toString());
  if (tally.lost + tally.doubled + tally.half_linked > 0) process.exitCode = 1;
}

async function disturbedRun(
  processes: ServiceProcess[],
  env: NodeJS.ProcessEnv,
  sql: Client,
  tally: Tally,
): Promise<void> {
  const tenant = newTenant();
  const client = () => new ApiClient(processes[0]!.origin, tenant);
  const upload = await client().upload('servers.csv', serversCsv(ROWS));
  const flow = await client().post('/discovery-flows', { flow_name: 'soak', data_import_id: upload.body.id });
  const runs = `/discovery-flows/${String(flow.body.flow_id)}/runs`;
  const { id } = (await client().post(runs)).body as { id: string };
  const giveUp = Date.now() + GIVE_UP_MS;
  for (;;) {
    await delay(300 + 2500 * Math.random());
    const before = await ledger(sql, id);
    if (before.finished_at !== null) break;
    if (Date.now() > giveUp)
      throw new Error(`run ${id} has not ended in ${GIVE_UP_MS} ms: ${JSON.stringify(before)}`);
    await disturb(processes, env, sql, { id, isUnderWay: before.decided > 0 }, tally);
  }
  tally.runs++;
  tally.rows += ROWS;
  await inspect(sql, tenant, id, tally);
  console.log(`run ${tally.runs}: ${JSON.stringify(await ledger(sql, id))}, ${tally.kills} kills so far`);
}

async function disturb(
  processes: ServiceProcess[],
  env: NodeJS.ProcessEnv,
  sql: Client,
  run: { id: string; isUnderWay: boolean },
  tally: Tally,
): Promise<void> {
  if (Math.random() < 0.2) {
    const { rowCount } = await sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'discovery-wiring%' AND random() < 0.5`,
    );
    tally.connections_terminated += rowCount ?? 0;
    return;
  }
  const victim = Math.floor(Math.random() * processes.length);
  await processes[victim]!.kill();
  tally.kills++;
  if (run.isUnderWay) tally.kills_in_run++;
  processes[victim] = await ServiceProcess.start(env);
  if (Math.random() < 0.15) {
    tally.leases_waited_for++;
    await delay(26_000);
    return;
  }
  // Half the kills hit a process that has no lease; a lease that is still renewed is not touched.
  await sql.query(
    `UPDATE migration.discovery_runs SET lease_expires_at = now() - interval '1 s'
      WHERE id = $1 AND status IN ('queued', 'running') AND updated_at < now() - interval '300 ms'`,
    [run.id],
  );
}

async function ledger(sql: Client, id: string) {
  const { rows } = await sql.query<{
    status: string;
    decided: number;
    attempt: number;
    finished_at: Date | null;
  }>(
    `SELECT status, total_records - pending AS decided, attempt, finished_at
       FROM migration.discovery_runs WHERE id = $1`,
    [id],
  );
  return rows[0]!;
}

/** Every row linked once, both ways, by one transaction, and nothing else in the tenant. */
async function inspect(sql: Client, tenant: Tenant, id: string, tally: Tally): Promise<void> {
  // The statistics may not know the tenant yet, and a join that is planned for no rows takes forever over 50,000.
  await sql.query('ANALYZE migration.assets, migration.raw_import_records');
  const { rows } = await sql.query<{
    assets: number;
    names: number;
    whole: number;
    half: number;
    created: number;
  }>(
    `SELECT (SELECT count(*)::int FROM migration.assets WHERE client_account_id = $1) AS assets,
            (SELECT count(DISTINCT name)::int FROM migration.assets WHERE client_account_id = $1) AS names,
            (SELECT count(*)::int FROM migration.raw_import_records r
               JOIN migration.assets a ON a.client_account_id = r.client_account_id AND a.id = r.asset_id
              WHERE r.client_account_id = $1 AND a.raw_import_records_id = r.id AND a.xmin::text = r.xmin::text
                AND r.fate = 'created' AND a.name = r.raw_data ->> 'Hostname') AS whole,
            (SELECT count(*)::int FROM migration.raw_import_records r
               FULL JOIN migration.assets a ON a.client_account_id = r.client_account_id AND a.id = r.asset_id
              WHERE coalesce(r.client_account_id, a.client_account_id) = $1
                AND a.raw_import_records_id IS DISTINCT FROM r.id) AS half,
            (SELECT created FROM migration.discovery_runs WHERE id = $2) AS created`,
    [tenant.client_account_id, id],
  );
  const { assets, names, whole, half, created } = rows[0]!;
  tally.lost += ROWS - whole + Math.abs(ROWS - created);
  tally.doubled += assets - names;
  tally.half_linked += half;
}

void main();
