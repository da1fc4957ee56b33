import { Client } from 'pg';
import { displayUrl } from '../src/database/display-url';
import { dropWiringKeys } from '../src/database/wiring-key-lifecycle/drop-wiring-keys';
import { describeBlocker } from '../src/database/locking/describe-blocker';
import { readKeyStates, type KeyState } from '../src/database/wiring-key-lifecycle/read-key-states';
import {
  type Reapplication,
  reapplyWiringKeys,
} from '../src/database/wiring-key-lifecycle/reapply-wiring-keys';
import { StillBlockedError, type Patience } from '../src/database/locking/until-unblocked';
import { withDatabaseUrl } from '../src/database/with-database';
import { printPlan } from './rollback/print-plan';
import { printStatus } from './rollback/print-status';
import { HELP, readRollbackOptions, type RollbackOptions } from './rollback/rollback-options';
import { UsageError } from './usage-error';

/** Writers stand still for as long, and give up what they begin after five seconds. */
const LONGEST_GATE_MS = 2_500;
const DEFAULT_LOCK_TIMEOUT_MS = 300;

const say = (line: string) => {
  console.log(line);
};
const seconds = (ms: number) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`);
const attemptsIn = (attempts: number, ms: number) =>
  `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, ${seconds(ms)}`;

async function main(): Promise<boolean> {
  const options = readRollbackOptions(process.argv.slice(2));
  const { command } = options;
  if (command === 'help') {
    say(HELP);
    return true;
  }
  return withDatabaseUrl(process.env, async (url) => {
    const client = new Client({
      connectionString: url,
      application_name: 'rollback-wiring-constraints',
      connectionTimeoutMillis: 10_000,
    });
    // A connection that is cut between two statements is told by the next one.
    client.on('error', () => undefined);
    // A change that could not be recorded says so. DROP … IF EXISTS sends mere notices.
    client.on('notice', ({ severity, message }) => {
      if (severity === 'WARNING') console.error(message);
    });
    await client.connect();
    try {
      say(`Database ${displayUrl(url)}`);
      return await run(client, command, options);
    } finally {
      await client.end();
    }
  });
}

/** @returns whether the keys are as the command is meant to leave them. */
async function run(
  client: Client,
  command: 'drop' | 'status' | Reapplication,
  options: RollbackOptions,
): Promise<boolean> {
  if (command === 'status') {
    await printStatus(client, options.keys, say);
    return true;
  }
  const patience = await readPatience(client, options);
  if (options.dryRun) {
    await printPlan(client, command, options.keys, patience, say);
    return true;
  }
  const started = performance.now();
  try {
    return command === 'drop'
      ? await drop(client, options, patience)
      : await reapply(client, options, patience, command);
  } catch (error) {
    if (!(error instanceof StillBlockedError)) throw error;
    const { attempts, blockers } = error;
    console.error(`Gave up after ${attemptsIn(attempts, performance.now() - started)}. In the way:`);
    for (const blocker of blockers) console.error(`  ${describeBlocker(blocker)}`);
    if (blockers.length === 0) console.error('  transactions that come and go');
    console.error(
      options.terminateBlockers
        ? 'To end those that are left takes pg_signal_backend, or a superuser.'
        : 'End them, wait longer (--deadline), or run again with --terminate-blockers.',
    );
    return false;
  }
}

async function readPatience(client: Client, options: RollbackOptions): Promise<Patience> {
  const { rows } = await client.query<{ ms: number }>(
    `SELECT setting::int AS ms FROM pg_settings WHERE name = 'deadlock_timeout'`,
  );
  const deadlockTimeoutMs = rows[0]?.ms ?? DEFAULT_LOCK_TIMEOUT_MS;
  const usual = Math.min(DEFAULT_LOCK_TIMEOUT_MS, Math.floor(deadlockTimeoutMs / 2));
  const { lockTimeoutMs = usual, deadlineSeconds, terminateBlockers } = options;
  // A longer wait would let the server look for deadlocks, and it might choose a writer to die.
  if (lockTimeoutMs >= deadlockTimeoutMs) {
    throw new UsageError(
      `--lock-timeout: must be below the server's deadlock_timeout of ${deadlockTimeoutMs} ms`,
    );
  }
  return {
    lockTimeoutMs,
    longestGateMs: LONGEST_GATE_MS,
    deadlockTimeoutMs,
    deadlineMs: deadlineSeconds * 1000,
    terminateBlockers,
    onTerminated: (blocker) => {
      say(`terminated  ${describeBlocker(blocker)}`);
    },
  };
}

async function drop(client: Client, { keys }: RollbackOptions, patience: Patience): Promise<boolean> {
  const started = performance.now();
  const { dropped, left, attempts } = await dropWiringKeys(client, keys, patience);
  for (const { name } of dropped) say(`dropped  ${name}`);
  say(
    dropped.length === 0
      ? 'Nothing to drop.'
      : `Dropped ${dropped.length} in one transaction (${attemptsIn(attempts, performance.now() - started)}).`,
  );
  const scope = keys.length === 1 ? 'Of this key' : `Of the ${keys.length} wiring keys`;
  say(`${scope} ${left.length === 0 ? 'none' : left.map(({ name }) => name).join(', ')} is left.`);
  return left.length === 0;
}

async function reapply(
  client: Client,
  { keys }: RollbackOptions,
  patience: Patience,
  part: Reapplication,
): Promise<boolean> {
  await reapplyWiringKeys(client, keys, patience, part, ({ key, was, now, violations, retries, tookMs }) => {
    const rows = violations > 0 ? `, rows that violate it: ${violations}` : '';
    const state = now === 'not valid' ? 'NOT VALID' : now;
    say(`${key.name.padEnd(34)}${state}${rows} (was ${was}; ${seconds(tookMs)}, ${retries} retries)`);
  });
  const states = await readKeyStates(client, keys);
  const not = (wanted: KeyState[]) => keys.filter((key) => !wanted.includes(states.get(key) ?? 'missing'));
  const unbound = not(['valid', 'not valid']);
  const left = part === 'add' ? unbound : not(['valid']);
  if (left.length === 0) {
    say(
      part === 'add'
        ? `All ${keys.length} are there and bind new rows; --validate reads the old ones.`
        : `All ${keys.length} are valid.`,
    );
  } else if (unbound.length > 0) {
    say(`${unbound.length} of ${keys.length} bind no row: run it with --add.`);
  } else {
    say(
      `${left.length} of ${keys.length} not valid: new rows are bound already; mend the old ones and run it again.`,
    );
  }
  return left.length === 0;
}

main().then(
  (done) => (process.exitCode = done ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
