import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { Client } from 'pg';
import { runMigrations } from '../src/database/run-migrations';
import { WIRING_KEYS } from '../src/database/wiring-keys';
import { WRITERS_GATE } from '../src/database/writers-gate';
import { type LinkWriters, writeInMixedOrder, writeThroughService } from '../test/support/link-writers';
import { runRollback, type RollbackOutcome } from '../test/support/run-rollback';
import { ServiceProcess } from '../test/support/service-process';
import { waitFor } from '../test/support/wait-for';
import { withServer } from './with-server';

/**
 * The rollback of the wiring keys while six writers insert and link without pause: how long it takes, from its first
 * question to the last key gone, and what the writers notice of it. Exits 1 when a key is left or a writer met an error.
 *
 *   npm run bench:rollback -- --times 20
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { times: { type: 'string', default: '20' } } });
  await withServer(async ({ url, dataDir, sql }) => {
    await runMigrations(url, () => undefined);
    const service = await ServiceProcess.start({ DATABASE_URL: url, DATA_DIR: dataDir });
    const bench = new RollbackBench(sql, url, Number(values.times));
    try {
      await bench.measure('the service', writeThroughService(service.origin));
      await bench.measure('SQL, mixed lock order', await writeInMixedOrder(url));
    } finally {
      await service.terminate();
    }
    console.log(bench.report());
    if (bench.failures > 0) process.exitCode = 1;
  });
}

class RollbackBench {
  failures = 0;
  readonly #times = new Table({
    head: [
      'writers',
      'rollbacks',
      'keys left',
      'median, ms',
      'maximum, ms',
      'most attempts',
      'links',
      'errors',
    ],
  });
  readonly #sleepers = new Table({
    head: ['writers', 'a session sleeps on', '--deadline 5', '--terminate-blockers'],
  });

  constructor(
    private readonly sql: Client,
    private readonly url: string,
    private readonly times: number,
  ) {}

  report(): string {
    return `${this.#times.toString()}\n${this.#sleepers.toString()}`;
  }

  async measure(name: string, writers: LinkWriters): Promise<void> {
    try {
      await this.rollBackAgainAndAgain(name, writers);
      await this.meetSleeper(name, 'the gate', `SELECT pg_advisory_xact_lock_shared(${WRITERS_GATE})`);
      await this.meetSleeper(name, 'a table', 'SELECT count(*) FROM migration.assets');
    } finally {
      await writers.stop();
    }
    for (const error of new Set(writers.errors)) console.error(`${name}: ${error}`);
    this.failures += writers.errors.length;
  }

  private async rollBackAgainAndAgain(name: string, writers: LinkWriters): Promise<void> {
    const took: number[] = [];
    let [left, mostAttempts] = [0, 0];
    for (let time = 0; time < this.times; time++) {
      const before = writers.linked();
      await waitFor('the writers', () => writers.linked() > before);
      const { stdout } = this.expect(0, await this.rollback());
      left += await this.keysLeft();
      const [, attempts, value, unit] = /\((\d+) attempts?, ([\d.]+) (ms|s)\)/.exec(stdout) ?? [];
      took.push(Number(value) * (unit === 's' ? 1000 : 1));
      mostAttempts = Math.max(mostAttempts, Number(attempts));
      this.expect(0, await this.rollback('--reapply'));
    }
    this.failures += left;
    took.sort((a, b) => a - b);
    const [median, maximum] = [took[Math.floor(took.length / 2)], took.at(-1)];
    const errors = writers.errors.length;
    this.#times.push([name, this.times, left, median, maximum, mostAttempts, writers.linked(), errors]);
  }

  private async meetSleeper(name: string, target: string, statement: string): Promise<void> {
    const sleeper = new Client({ connectionString: this.url, application_name: 'the sleeper' });
    // It is terminated in the end.
    sleeper.on('error', () => undefined);
    await sleeper.connect();
    await sleeper.query('BEGIN');
    await sleeper.query(statement);
    const refused = this.expect(1, await this.rollback('--deadline', '5'));
    const blockers = [...refused.stderr.matchAll(/^ {2}(pid .*?):/gm)].map(([, who]) => who);
    const ended = this.expect(0, await this.rollback('--terminate-blockers'));
    const left = await this.keysLeft();
    this.failures += left + (blockers.length === 1 ? 0 : 1);
    this.#sleepers.push([
      name,
      target,
      `exit ${refused.code}, names ${blockers.join('; ')}`,
      `exit ${ended.code}, ${left} keys left`,
    ]);
    this.expect(0, await this.rollback('--reapply'));
    await sleeper.end();
  }

  private rollback(...args: string[]): Promise<RollbackOutcome> {
    return runRollback(args, { DATABASE_URL: this.url });
  }

  private expect(code: number, outcome: RollbackOutcome): RollbackOutcome {
    if (outcome.code !== code) {
      this.failures += 1;
      console.error(`exit ${outcome.code} instead of ${code}:\n${outcome.stdout}${outcome.stderr}`);
    }
    return outcome;
  }

  private async keysLeft(): Promise<number> {
    const names = WIRING_KEYS.map(({ name }) => name);
    const { rowCount } = await this.sql.query('SELECT FROM pg_constraint WHERE conname = ANY($1)', [names]);
    return rowCount ?? 0;
  }
}

void main();
