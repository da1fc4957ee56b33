import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '../test/support/wait-for';

const START_WITHIN_MS = 60_000;

export interface ServerProcess {
  origin: string;
  stop(): Promise<void>;
}

/**
 * A program that serves PORT, in a process of its own whose output goes to a file, as a log does in production.
 *
 * @param program its path from the repository, of JavaScript or TypeScript.
 */
export async function startServerProcess(
  program: string,
  env: NodeJS.ProcessEnv,
  log: string,
): Promise<ServerProcess> {
  const port = await freePort();
  const output = await open(log, 'w');
  const child = spawn(process.execPath, ['-r', 'ts-node/register', join(__dirname, '..', program)], {
    env: { ...process.env, NODE_ENV: 'test', TS_NODE_TRANSPILE_ONLY: 'true', PORT: String(port), ...env },
    stdio: ['ignore', output.fd, output.fd],
  });
  await output.close();
  const origin = `http://127.0.0.1:${port}`;
  await waitFor(
    `${program} to listen`,
    async () => {
      if (child.exitCode !== null) throw new Error(`${program} has ended with ${child.exitCode}: see ${log}`);
      const answer = await fetch(origin).catch(() => undefined);
      await answer?.arrayBuffer();
      return answer;
    },
    START_WITHIN_MS,
  );
  return {
    origin,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
