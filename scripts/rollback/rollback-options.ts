import { parseArgs } from 'node:util';
import type { Reapplication } from '../../src/database/wiring-key-lifecycle/reapply-wiring-keys';
import { WIRING_KEYS, type WiringKey } from '../../src/database/wiring-keys';
import { UsageError } from '../usage-error';

const NAMES = WIRING_KEYS.map(({ name }) => name);

export const HELP = `Drops the wiring foreign keys of a live database, all or none. Without options: at once.

  npx ts-node scripts/rollback-wiring-constraints.ts [options]

  --status              print the state of each key, the rows that violate it and who has locks; change nothing
  --reapply             put the keys back instead of dropping them: --add, then --validate, of each
  --add                 put them back NOT VALID: new rows are bound at once, old ones are not read
  --validate            read the old rows of those that are NOT VALID; hinders no writer
  --dry-run             print the SQL and who would block it now, change nothing
  --only NAME           this key alone
  --lock-timeout MS     how long an attempt waits for a table at most (300; below the server's deadlock_timeout)
  --deadline S          how long to try for the locks of one transaction (60)
  --terminate-blockers  end the sessions that keep an attempt waiting; their work is rolled back
  --help                print this

The database is DATABASE_URL, else the embedded one in DATA_DIR (.data).
Exit code: 0 when no key is left (--add: when all are there; --reapply, --validate: when all are valid), 1 when not,
2 for a wrong option.

The keys: ${NAMES.join('\n          ')}`;

export interface RollbackOptions {
  command: 'drop' | 'status' | 'help' | Reapplication;
  dryRun: boolean;
  keys: readonly WiringKey[];
  /** Undefined: the usual one, or less where the server's deadlock_timeout asks for less. */
  lockTimeoutMs: number | undefined;
  deadlineSeconds: number;
  terminateBlockers: boolean;
}

const COMMANDS = ['status', 'reapply', 'add', 'validate'] as const;

export function readRollbackOptions(args: string[]): RollbackOptions {
  const given = parse(args);
  const dryRun = given['dry-run'] ?? false;
  const commands = COMMANDS.filter((command) => given[command]);
  const command = given.help ? 'help' : (commands[0] ?? 'drop');
  if (commands.length > 1) throw new UsageError(`--${command}: goes not with --${String(commands[1])}`);
  if (command === 'status' && dryRun) throw new UsageError('--status: goes not with --dry-run');
  return {
    command,
    dryRun,
    keys: selectKeys(given.only),
    lockTimeoutMs: wholeNumber('--lock-timeout', given['lock-timeout']),
    deadlineSeconds: wholeNumber('--deadline', given.deadline) ?? 60,
    terminateBlockers: given['terminate-blockers'] ?? false,
  };
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean' },
        status: { type: 'boolean' },
        reapply: { type: 'boolean' },
        add: { type: 'boolean' },
        validate: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        only: { type: 'string' },
        'lock-timeout': { type: 'string' },
        deadline: { type: 'string' },
        'terminate-blockers': { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    // Node's message goes on to explain itself at length.
    throw new UsageError((error as Error).message.split(/[.\n]/)[0]);
  }
}

function selectKeys(only: string | undefined): readonly WiringKey[] {
  if (only === undefined) return WIRING_KEYS;
  const keys = WIRING_KEYS.filter(({ name }) => name === only);
  if (keys.length === 0)
    throw new UsageError(`--only: no wiring key is named '${only}'; there are ${NAMES.join(', ')}`);
  return keys;
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 86_400) {
    throw new UsageError(`${option}: must be a whole number from 1 to 86400, not '${text}'`);
  }
  return value;
}
