import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Whom PostgreSQL's programs run as. */
export interface Account {
  uid: number;
  gid: number;
}

export const isRoot = () => process.getuid?.() === 0;

/**
 * PostgreSQL refuses to run as root, so root hands it to an account without rights. A cluster that exists keeps its
 * owner: whoever made it can go on using it without root.
 * @returns undefined when we are not root, and PostgreSQL may run as ourselves.
 */
export async function postgresAccount(existingCluster: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  const owner = await stat(existingCluster).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => execute('id', [flag, name])));
      return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
    } catch {
      // There is no such account here.
    }
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and there is no account postgres or nobody: set DATABASE_URL',
  );
}

/** Whether the account may enter a directory or run a file. Asked of the kernel, which knows ACLs and groups. */
export async function isReachable(path: string, account: Account | undefined): Promise<boolean> {
  return execute('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}
