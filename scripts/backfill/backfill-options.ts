import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Tenant } from '../../src/tenancy/tenant';
import { UsageError } from '../usage-error';

export const HELP = `Fills in links that are missing and can be derived without doubt. Without options: says what it would do.

  npx ts-node scripts/backfill-discovery-wiring.ts [options]

  --dry-run                 count what would be filled in by each rule and what is refused; change nothing (the default)
  --apply HASH              do exactly the plan of this hash, or nothing; after an interruption, go on with it
  --undo RUN                put back what a run has written
  --batch-size N            rows in one transaction, about (1000; 1 to 100000)
  --pause MS                between two transactions (50; 0 to 60000); longer by itself while sessions wait for locks
                            or a replica lags
  --client-account-id UUID  this tenant alone, with
  --engagement-id UUID
  --help                    print this

The database is DATABASE_URL, else the embedded one in DATA_DIR (.data).
Exit code: 0 when done, 1 when not, or when rows had to be left alone, 2 for a wrong option.`;

export interface BackfillOptions {
  command: 'help' | 'plan' | 'apply' | 'undo';
  /** The hash of the plan to apply, or the run to undo. */
  of: string;
  batchSize: number;
  pauseMs: number;
  /** Null: all. */
  tenant: Tenant | null;
}

export function readBackfillOptions(args: string[]): BackfillOptions {
  const given = parse(args);
  const commands = (['dry-run', 'apply', 'undo'] as const).filter((name) => given[name] !== undefined);
  if (commands.length > 1)
    throw new UsageError(`--${String(commands[1])}: does not go with --${String(commands[0])}`);
  if (given.apply !== undefined && !/^[0-9a-f]{64}$/.test(given.apply)) {
    throw new UsageError('--apply: must be the hash that a dry run has printed, 64 hexadecimal digits');
  }
  return {
    command: given.help ? 'help' : given.apply ? 'apply' : given.undo ? 'undo' : 'plan',
    of: given.apply ?? (given.undo === undefined ? '' : uuid('--undo', given.undo)),
    batchSize: wholeNumber('--batch-size', given['batch-size'] ?? '1000', 1, 100_000),
    pauseMs: wholeNumber('--pause', given.pause ?? '50', 0, 60_000),
    tenant: tenantOf(given['client-account-id'], given['engagement-id']),
  };
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        apply: { type: 'string' },
        undo: { type: 'string' },
        'batch-size': { type: 'string' },
        pause: { type: 'string' },
        'client-account-id': { type: 'string' },
        'engagement-id': { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    // Node's message goes on to explain itself at length.
    throw new UsageError((error as Error).message.split(/[.\n]/)[0]);
  }
}

function tenantOf(client: string | undefined, engagement: string | undefined): Tenant | null {
  if (client === undefined && engagement === undefined) return null;
  if (client === undefined) throw new UsageError('--client-account-id: is missing; a tenant has both ids');
  if (engagement === undefined) throw new UsageError('--engagement-id: is missing; a tenant has both ids');
  return {
    client_account_id: uuid('--client-account-id', client),
    engagement_id: uuid('--engagement-id', engagement),
  };
}

function uuid(option: string, text: string): string {
  if (!z.guid().safeParse(text).success) throw new UsageError(`${option}: must be a UUID, not '${text}'`);
  return text.toLowerCase();
}

function wholeNumber(option: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < from || value > to) {
    throw new UsageError(`${option}: must be a whole number from ${from} to ${to}, not '${text}'`);
  }
  return value;
}
