import { execFile } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const EMPTY_IS_STALE_AFTER_MS = 5_000;

/** A live server, as its own pid file tells it. */
export interface Postmaster {
  pid: number;
  port: number;
  /** False while it starts, recovers or stops. */
  ready: boolean;
}

const pidFileOf = (cluster: string) => join(cluster, 'postmaster.pid');

/** @returns the server that runs on the cluster, or null. A pid file alone proves nothing: it survives a kill. */
export async function livePostmaster(cluster: string): Promise<Postmaster | null> {
  const content = await readFile(pidFileOf(cluster), 'utf8').catch(() => '');
  // Fixed lines: pid, data directory, start time, port, socket directory, address, shared memory, status.
  const lines = content.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !(await servesCluster(pid, cluster))) return null;
  return { pid, port: Number(lines[3]), ready: lines[7] === 'ready' };
}

/** After a restart of a machine or container the pid may be anybody's; only our server names the cluster so. */
async function servesCluster(pid: number, cluster: string): Promise<boolean> {
  const command =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : await execute('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
          ({ stdout }) => stdout.replace(` -D ${cluster} `, `\0-D\0${cluster}\0`),
          () => '',
        );
  return command.includes(`\0-D\0${cluster}\0`);
}

/**
 * PostgreSQL itself sees through a pid file whose process is gone. One whose pid belongs to another process by now,
 * or that a power cut left empty, would keep it from starting for ever.
 */
export async function removeMisleadingPidFile(cluster: string): Promise<void> {
  const path = pidFileOf(cluster);
  const content = await readFile(path, 'utf8').catch(() => null);
  if (content === null || (await livePostmaster(cluster))) return;
  const misleading = content === '' ? await isOld(path) : isAlive(Number.parseInt(content, 10));
  if (misleading) await rm(path, { force: true });
}

/** A server that starts just now has made its file, and writes it in a moment. */
async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > EMPTY_IS_STALE_AFTER_MS;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
