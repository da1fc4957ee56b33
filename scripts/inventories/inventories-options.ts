import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error';

export const HELP = `Imports every file under a folder into a database of its own, and holds rows and suggestions against what is expected.

  npm run inventories -- DIR [options]

  --expected FILE    what a person would map; by default test/inventories/expected.json
  --help             print this

DIR/MANIFEST.json, where there is one, says how many rows each file has.

Exit code: 0 when all rows are met, 95 % of the fields are right and at most 2 % of the suggestions wrong,
           1 when not, or when it could not be done,
           2 for wrong arguments.`;

export interface InventoriesOptions {
  directory: string;
  expected: string;
}

/**
 * @param from what the paths are relative to.
 * @param project the project's folder.
 * @throws UsageError that names the wrong argument.
 */
export function readInventoriesOptions(
  args: string[],
  { from, project }: { from: string; project: string },
): InventoriesOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [directory, ...more] = positionals;
  if (directory === undefined) throw new UsageError('DIR: is missing');
  if (more.length > 0) throw new UsageError(`DIR: must be one, there are ${positionals.length}`);
  const options = {
    directory: resolve(from, directory),
    expected:
      values.expected === undefined
        ? join(project, 'test/inventories/expected.json')
        : resolve(from, values.expected),
  };
  if (!statSync(options.directory, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`DIR: ${options.directory} is no folder`);
  if (!statSync(options.expected, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(`--expected: there is no file ${options.expected}`);
  return options;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { expected: { type: 'string' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    // Node's message goes on to explain itself at length.
    throw new UsageError((error as Error).message.split(/[.\n]/)[0]);
  }
}
