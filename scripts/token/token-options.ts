import { parseArgs } from 'node:util';
import { type Scope, SCOPES } from '../../src/auth/scope';
import { isTenantId } from '../../src/tenancy/is-tenant-id';
import { UsageError } from '../usage-error';

export const HELP = `Prints a bearer token for local use, signed with a key of its own in DATA_DIR (.data).

  npm run --silent token -- --client ID --engagement ID [options]

  --client ID           client account that the token holds
  --engagement ID       engagement of it, or '*' for all
  --admin               every tenant, instead of one
  --scope 'WORDS'       some of ${SCOPES.join(', ')} (all)
  --subject NAME        who it speaks for (developer)
  --hours N             how long it is valid (12)
  --help                print this

The token goes to stdout; how to start the service that takes it, to stderr.`;

export interface TokenOptions {
  /** The claims that say what it allows. */
  claims: { admin: true } | { tenants: Record<string, string[]> };
  scope: string;
  subject: string;
  hours: number;
}

/** @throws UsageError naming the option. */
export function readTokenOptions(args: string[]): TokenOptions | 'help' {
  const given = parse(args);
  if (given.help) return 'help';
  const hours = Number(given.hours ?? 12);
  if (!Number.isInteger(hours) || hours < 1 || hours > 8760) {
    throw new UsageError('--hours: must be a whole number from 1 to 8760');
  }
  const words = given.scope?.split(/[\s,]+/).filter(Boolean) ?? [...SCOPES];
  const unknown = words.find((word) => !SCOPES.includes(word as Scope));
  if (unknown !== undefined) throw new UsageError(`--scope: '${unknown}' is none of ${SCOPES.join(', ')}`);
  return { claims: claimsOf(given), scope: words.join(' '), subject: given.subject ?? 'developer', hours };
}

function claimsOf({ admin, client, engagement }: ReturnType<typeof parse>): TokenOptions['claims'] {
  if (admin) {
    if (client !== undefined || engagement !== undefined) {
      throw new UsageError('--admin: goes with neither --client nor --engagement');
    }
    return { admin: true };
  }
  if (!isTenantId(client)) throw new UsageError('--client: must be a UUID');
  if (engagement !== '*' && !isTenantId(engagement)) {
    throw new UsageError(`--engagement: must be a UUID or '*'`);
  }
  return { tenants: { [client]: [engagement] } };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        help: { type: 'boolean' },
        admin: { type: 'boolean' },
        client: { type: 'string' },
        engagement: { type: 'string' },
        scope: { type: 'string' },
        subject: { type: 'string' },
        hours: { type: 'string' },
      },
    }).values;
  } catch (error) {
    // Node's message goes on to explain itself at length.
    throw new UsageError((error as Error).message.split(/[.\n]/)[0]);
  }
}
