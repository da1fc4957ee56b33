import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { CONFLICT_POLICIES } from '../../src/asset-identity/conflict-policy';
import { FAILURE_POLICIES } from '../../src/discovery-flows/discovery-run.entity';
import { ASSET_FIELDS } from '../../src/field-mapping/asset-fields';
import type { Tenant } from '../../src/tenancy/tenant';
import { UsageError } from '../usage-error';

export const HELP = `Imports an inventory file: uploads it, turns its rows into assets, and says what became of every row.

  npm run import -- FILE --client UUID --engagement UUID [options]

  --client UUID             the client account
  --engagement UUID         the engagement; with the client it is the tenant
  --url URL                 the service; by default the one on HOST and PORT, or one that is started for the
                            time of the command when nothing listens there
  --sheet NAME              of a workbook; by default the one with the most inventory columns
  --header LINE             where the names of the columns are, or none
  --delimiter CHAR          or comma, semicolon, tab, pipe
  --encoding NAME           such as windows-1250
  --footer keep             lines below the table are records too
  --source NAME             the tool that wrote the file, such as rvtools-vinfo
  --group-by COLUMN         make one record of the rows with the same value in this column
  --map "HEADER=FIELD"      approve this mapping beside the confident suggestions, and remember it for the next file;
                            "HEADER=" leaves a column out; can be given several times
  --force                   import the same bytes once more
  --flow-name TEXT          by default the file's name
  --chunk-size N            rows a transaction, 10 to 5000
  --failure-policy WORD     when a chunk fails: ${FAILURE_POLICIES.join(', ')}
  --conflict-policy WORD    what a row does to an asset that it describes otherwise: ${CONFLICT_POLICIES.join(', ')}
  --dry-run                 upload and count, but make no assets
  --help                    print this

A service that verifies tokens gets the one in DISCOVERY_WIRING_TOKEN.

Exit code: 0 when every row became an asset or was a duplicate,
           3 when it was done but rows were rejected, are in conflict or pending: look at them,
           1 when it failed, was cancelled or could not be done,
           2 for wrong arguments.
Ctrl-C ends the command (130), not the run.`;

export interface ImportOptions {
  file: string;
  sizeBytes: number;
  tenant: Tenant;
  /** Undefined: on HOST and PORT, or started here. */
  url: string | undefined;
  /** Query parameters of the upload; the service says what is wrong with one. */
  upload: Record<string, string>;
  /** Header → asset field, or '' for a column that is to be left out. */
  mappings: ReadonlyMap<string, string>;
  flowName: string | undefined;
  /** The body that asks for the run. */
  run: object;
  dryRun: boolean;
}

const uuid = z.guid('must be a UUID').transform((id) => id.toLowerCase());
const text = z
  .string()
  .max(255, 'must be at most 255 characters')
  .regex(/^(?=.*\S)\P{Cc}*$/u, 'must hold more than blanks, and no control characters');
const words = (list: readonly string[]) => z.enum(list, `must be one of ${list.join(', ')}`);

/** `Header=field`; a header may hold the sign as well. */
const mapping = z.string().transform((given, context): [string, string] => {
  const end = given.lastIndexOf('=');
  const [header, field] = [given.slice(0, end).trim(), given.slice(end + 1).trim()];
  if (end < 1 || header === '' || (field !== '' && !Object.hasOwn(ASSET_FIELDS, field))) {
    context.addIssue({
      code: 'custom',
      message: `must be HEADER=FIELD, with a field of ${Object.keys(ASSET_FIELDS).join(', ')}`,
    });
    return z.NEVER;
  }
  return [header, field];
});

const schema = z.object({
  client: uuid,
  engagement: uuid,
  url: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as http://127.0.0.1:3000' })
    .refine((url) => new URL(url).username === '' && new URL(url).password === '', 'must hold no user')
    .refine((url) => !/[?#]/.test(url), 'must end with its path')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  sheet: text.optional(),
  header: text.optional(),
  delimiter: text.optional(),
  encoding: text.optional(),
  footer: text.optional(),
  source: text.optional(),
  'group-by': text.optional(),
  map: z.array(mapping).default([]),
  'flow-name': text.optional(),
  'chunk-size': z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(10, 'must be at least 10').max(5000, 'must be at most 5000'))
    .optional(),
  'failure-policy': words(FAILURE_POLICIES).optional(),
  'conflict-policy': words(CONFLICT_POLICIES).optional(),
  force: z.boolean().default(false),
  'dry-run': z.boolean().default(false),
});

/**
 * @param directory what FILE is relative to.
 * @throws UsageError that names every wrong argument.
 */
export function readImportOptions(args: string[], directory: string): ImportOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const result = schema.safeParse(values);
  const wrong = result.success
    ? []
    : result.error.issues.map(({ path, code, message }) => {
        const option = `--${String(path[0])}`;
        const isMissing = code === 'invalid_type' && !(String(path[0]) in values);
        return isMissing ? `${option}: is missing` : `${option}: ${message}`;
      });
  const [file, ...more] = positionals;
  if (file === undefined) wrong.unshift('FILE: is missing');
  if (more.length > 0) wrong.unshift(`FILE: must be one, there are ${positionals.length}`);
  if (!result.success || file === undefined || wrong.length > 0) throw new UsageError(wrong.join('; '));
  const given = result.data;
  const path = resolve(directory, file);
  return {
    file: path,
    sizeBytes: sizeOf(path),
    tenant: { client_account_id: given.client, engagement_id: given.engagement },
    url: given.url,
    upload: definedOnly({
      sheet: given.sheet,
      header: given.header,
      delimiter: given.delimiter,
      encoding: given.encoding,
      footer: given.footer,
      source: given.source,
      group_by: given['group-by'],
      force: given.force ? 'true' : undefined,
    }),
    mappings: new Map(given.map),
    flowName: given['flow-name'],
    run: {
      ...(given['chunk-size'] !== undefined && { chunk_size: given['chunk-size'] }),
      ...(given['failure-policy'] !== undefined && { failure_policy: given['failure-policy'] }),
      ...(given['conflict-policy'] !== undefined && { conflict_policy: given['conflict-policy'] }),
      ...(given['dry-run'] && { dry_run: true }),
    },
    dryRun: given['dry-run'],
  };
}

function definedOnly(given: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        client: { type: 'string' },
        engagement: { type: 'string' },
        url: { type: 'string' },
        sheet: { type: 'string' },
        header: { type: 'string' },
        delimiter: { type: 'string' },
        encoding: { type: 'string' },
        footer: { type: 'string' },
        source: { type: 'string' },
        'group-by': { type: 'string' },
        map: { type: 'string', multiple: true },
        'flow-name': { type: 'string' },
        'chunk-size': { type: 'string' },
        'failure-policy': { type: 'string' },
        'conflict-policy': { type: 'string' },
        force: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    // Node's message goes on to explain itself at length.
    throw new UsageError((error as Error).message.split(/[.\n]/)[0]);
  }
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`FILE: there is no ${path}`);
  if (!found.isFile()) throw new UsageError(`FILE: ${path} is no file`);
  return found.size;
}
