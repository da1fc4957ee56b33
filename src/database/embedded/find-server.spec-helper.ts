import { realpath } from 'node:fs/promises';
import { clusterIn } from './cluster';
import { substituteHome } from './cluster-home';
import { livePostmaster } from './postmaster';

/** @returns the port of the server that runs for a data directory, or null. */
export async function findServer(dataDir: string): Promise<number | null> {
  const directory = await realpath(dataDir).catch(() => null);
  if (directory === null) return null;
  for (const home of [directory, await substituteHome(directory)]) {
    const server = await livePostmaster(clusterIn(home));
    if (server?.ready) return server.port;
  }
  return null;
}
