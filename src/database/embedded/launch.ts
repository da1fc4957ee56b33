import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, open, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Account } from './account';
import { SERVER_ENVIRONMENT } from './cluster';

export interface Launch {
  pid: number | undefined;
  running(): boolean;
  /** Why it ended, from its log. */
  reason(): Promise<string>;
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C reaches the service alone, and with its log in a
 * file, so that it outlives whoever started it.
 */
export async function launch(options: {
  cluster: string;
  log: string;
  binaries: string;
  account: Account | undefined;
  settings: Record<string, string>;
}): Promise<Launch> {
  const { cluster, binaries, account } = options;
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...options.settings };
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  // Root writes this file in a directory that may be the account's: never through a symlink.
  const log = await open(options.log, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
  if (account) await log.chown(account.uid, account.gid);
  const { size } = await log.stat();
  let failure: string | undefined;

  const server = spawn(
    join(binaries, 'bin', 'postgres'),
    [
      ...['-D', cluster, '-p', String(await freePort())],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    // The account may not be able to enter our own directory.
    { ...account, cwd: '/', env: SERVER_ENVIRONMENT, detached: true, stdio: ['ignore', log.fd, log.fd] },
  );
  server.once('error', ({ message }) => (failure = message));
  server.unref();
  await log.close();

  return {
    pid: server.pid,
    running: () => server.pid !== undefined && server.exitCode === null && server.signalCode === null,
    reason: async () => failure ?? lastComplaint((await readFile(options.log)).subarray(size).toString()),
  };
}

/** Free now; whoever takes it before the server does makes that launch fail, and the next one takes another. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

function lastComplaint(log: string): string {
  const complaints = [...log.matchAll(/(?:FATAL|PANIC): +(.*)(?:\n.*DETAIL: +(.*))?/g)].at(-1);
  return complaints?.slice(1).filter(Boolean).join(' ') ?? log.trim().split('\n').at(-1) ?? '';
}
