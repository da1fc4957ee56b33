import { createHash } from 'node:crypto';
import { lchown, lstat, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isReachable, type Account } from './account';
import { expectCode } from './expect-code';

/** Reachable for every account, and kept over a restart of the machine. */
export const SHARED_TMP = '/var/tmp';

/** Where the cluster lies when PostgreSQL's account cannot reach the data directory; found again by its real path. */
export async function substituteHome(dataDir: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 16);
  return join(SHARED_TMP, `discovery-wiring-${hash}`);
}

/** @returns the directory, made when missing, in which the cluster lies: the data directory, if at all possible. */
export async function clusterHome(
  dataDir: string,
  account: Account | undefined,
  onNotice: (line: string) => void,
): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  if (!account || (await isReachable(await realpath(dataDir), account))) return dataDir;

  const home = await substituteHome(dataDir);
  await mkdir(home, { mode: 0o700 }).catch(expectCode('EEXIST'));
  // Anyone may have put something under this name before us; a symlink would lead root to chown its target.
  const found = await lstat(home);
  if (!found.isDirectory() || ![0, account.uid].includes(found.uid) || (found.mode & 0o077) !== 0) {
    throw new Error(`${home} was not made by this program: remove it, or set DATA_DIR or DATABASE_URL`);
  }
  await lchown(home, account.uid, account.gid);
  onNotice(`PostgreSQL's account cannot reach ${dataDir}, so the embedded database is kept in ${home}`);
  return home;
}
