import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from './client/api';
import { printable } from './client/printable';
import { startOwnService } from './client/start-own-service';
import { watchSignals } from './client/watch-signals';
import { readExpectations } from './inventories/expectation';
import { HELP, type InventoriesOptions, readInventoriesOptions } from './inventories/inventories-options';
import { listInventories } from './inventories/list-inventories';
import { totalsOf } from './inventories/totals';
import { trialsReport } from './inventories/trials-report';
import { type Trial, tryInventory } from './inventories/try-inventory';
import { UsageError } from './usage-error';

/* What the service makes of a folder of inventories: `npm run inventories -- --help` */

/** The compiled command lies in `dist/scripts`. */
const PROJECT = join(__dirname, '../..');

async function run({ directory, expected }: InventoriesOptions, signal: AbortSignal): Promise<number> {
  const start = performance.now();
  const inventories = listInventories(directory, readExpectations(expected));
  if (inventories.length === 0) throw new UsageError(`DIR: there is no file in ${directory}`);
  // A database of its own: what a tenant has imported or approved before must not change what is measured.
  const dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-inventories-'));
  try {
    // For root the server runs as another user, who must get in.
    await chmod(dataDir, 0o755);
    const service = await startOwnService({ ...process.env, DATABASE_URL: '', DATA_DIR: dataDir });
    try {
      const trials: Trial[] = [];
      for (const inventory of inventories) {
        const tenant = { client_account_id: randomUUID(), engagement_id: randomUUID() };
        trials.push(await tryInventory(new Api(service.url, tenant, signal), inventory));
      }
      const totals = totalsOf(trials);
      console.log(trialsReport(trials, totals, (performance.now() - start) / 1000));
      return totals.reached ? 0 : 1;
    } finally {
      await service.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const { npm_lifecycle_event, INIT_CWD } = process.env;
  // npm changes to the project's folder; the user meant the folder from where npm was called.
  const from = npm_lifecycle_event === 'inventories' && INIT_CWD ? INIT_CWD : process.cwd();
  const options = readInventoriesOptions(process.argv.slice(2), { from, project: PROJECT });
  if (options === 'help') {
    console.log(HELP);
    return 0;
  }
  const interruption = watchSignals();
  try {
    return await run(options, interruption.signal);
  } catch (error) {
    const exitCode = interruption.exitCode();
    if (exitCode === null) throw error;
    console.error('\nStopped.');
    return exitCode;
  }
}

main().then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const isUsage = error instanceof UsageError;
    console.error(
      isUsage
        ? `${printable(message)}\n--help says more.`
        : `The inventories could not be tried: ${printable(message)}`,
    );
    process.exitCode = isUsage ? 2 : 1;
  },
);
