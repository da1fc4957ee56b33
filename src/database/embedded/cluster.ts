import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRoot, type Account } from './account';
import { expectCode } from './expect-code';

const execute = promisify(execFile);
const ABANDONED_AFTER_MS = 3_600_000;

/** The same cluster whatever the user's shell says about locale, time zone or PostgreSQL. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export const clusterIn = (home: string) => join(home, 'postgres');

/**
 * Makes the cluster unless it exists. initdb works in a directory of its own, which becomes the cluster by one
 * rename: killed half-way it leaves no half cluster, and of two starters at once one wins.
 */
export async function ensureCluster(
  home: string,
  binaries: string,
  account: Account | undefined,
): Promise<string> {
  const cluster = clusterIn(home);
  if (await exists(cluster)) return cluster;
  await removeAbandoned(home);
  const fresh = await mkdtemp(`${cluster}.init-`);
  try {
    if (account) await chown(fresh, account.uid, account.gid);
    await initdb(fresh, binaries, account);
    await rename(fresh, cluster);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!(await exists(cluster))) throw error;
  }
  return cluster;
}

async function initdb(directory: string, binaries: string, account: Account | undefined): Promise<void> {
  const options = [
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  await execute(join(binaries, 'bin', 'initdb'), ['-D', directory, ...options, ...locale], {
    ...account,
    // The account may not be able to enter ours.
    cwd: '/',
    env: SERVER_ENVIRONMENT,
  }).catch((error: unknown) => {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`initdb failed: ${stderr?.trim().split('\n')[0] ?? message}`);
  });
}

/** What starters left behind that were killed in their initdb. */
async function removeAbandoned(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith('postgres.init-')) continue;
    const path = join(home, name);
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS)
      await rm(path, { recursive: true, force: true });
  }
}

async function exists(cluster: string): Promise<boolean> {
  const found = await stat(cluster).catch(expectCode('ENOENT'));
  if (found && !isRoot() && found.uid !== process.getuid?.()) {
    throw new Error(
      `${cluster} belongs to another user (uid ${found.uid}): start as that user or as root, or set DATA_DIR`,
    );
  }
  return found !== null;
}
