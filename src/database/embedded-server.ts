import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { postgresAccount } from './embedded/account';
import { postgresBinaries } from './embedded/binaries';
import { clusterIn, ensureCluster } from './embedded/cluster';
import { clusterHome } from './embedded/cluster-home';
import { launch, type Launch } from './embedded/launch';
import { livePostmaster, removeMisleadingPidFile, type Postmaster } from './embedded/postmaster';
import { pollUntil } from './embedded/poll-until';
import { DATABASE, enter, leave } from './embedded/presence';

export interface EmbeddedServer {
  url: string;
  port: number;
  /** It ran already: another process started it, or one that was killed. */
  adopted: boolean;
  /** Turns it off, unless somebody else is connected: then the last one to leave does. */
  stop(): Promise<void>;
}

const LAUNCHES = 5;
const BETWEEN_LAUNCHES_MS = 200;
/** Generous, since a server that was killed recovers first. */
const READY_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 60_000;

const urlOf = (port: number) => `postgres://postgres@127.0.0.1:${port}/${DATABASE}`;

/**
 * The PostgreSQL that belongs to a data directory: made, started or, where it runs already, joined. Any number of
 * processes may do so at once.
 * @param options.settings for the server, where it is started here.
 * @param options.onNotice told where the cluster lies if that is not in the data directory.
 */
export async function startEmbeddedServer({
  dataDir,
  settings = {},
  onNotice = () => undefined,
}: {
  dataDir: string;
  settings?: Record<string, string>;
  onNotice?: (line: string) => void;
}): Promise<EmbeddedServer> {
  await mkdir(dataDir, { recursive: true });
  const directory = await realpath(dataDir);
  const account = await postgresAccount(clusterIn(directory));
  const binaries = await postgresBinaries(account);
  const home = await clusterHome(directory, account, onNotice);
  const cluster = await ensureCluster(home, binaries, account);
  const launchHere = () => launch({ cluster, log: join(home, 'postgres.log'), binaries, account, settings });
  const { port, adopted, presence } = await joinServer(cluster, launchHere);
  return { url: urlOf(port), port, adopted, stop: () => leaveServer(cluster, presence) };
}

/** Launches a server only where none lives; whoever else does so meanwhile, PostgreSQL's pid file lets one win. */
async function joinServer(
  cluster: string,
  launchHere: () => Promise<Launch>,
): Promise<{ port: number; adopted: boolean; presence: Client }> {
  let launched: Launch | undefined;
  let launches = 0;
  let problem = 'it does not get ready';
  const joined = await pollUntil(READY_WITHIN_MS, async () => {
    const server = await livePostmaster(cluster);
    if (server?.ready) {
      try {
        const presence = await enter(server.port);
        return { port: server.port, adopted: server.pid !== launched?.pid, presence };
      } catch (error) {
        // It may be on its way down, because its last user is leaving: then we launch it anew.
        problem = error instanceof Error ? error.message : String(error);
      }
    } else if (!server && !launched?.running()) {
      if (launched) {
        problem = await launched.reason();
        if (launches === LAUNCHES) throw new Error(`The embedded PostgreSQL in ${cluster} ended: ${problem}`);
        await delay(BETWEEN_LAUNCHES_MS);
      }
      await removeMisleadingPidFile(cluster);
      launched = await launchHere();
      launches += 1;
    }
    return null;
  });
  if (!joined) throw new Error(`The embedded PostgreSQL in ${cluster} cannot be used: ${problem}`);
  return joined;
}

async function leaveServer(cluster: string, presence: Client): Promise<void> {
  const server = await livePostmaster(cluster);
  if (!server?.ready) {
    await presence.end();
    return;
  }
  try {
    await leave(server.port, presence, () => turnOff(server, cluster));
  } catch (error) {
    // Somebody else is stopping it at this moment, which is what was asked for.
    if ((await livePostmaster(cluster))?.ready) throw error;
  }
}

async function turnOff({ pid }: Postmaster, cluster: string): Promise<void> {
  // SIGINT is PostgreSQL's fast shutdown. It takes the pid file away when all is written.
  process.kill(pid, 'SIGINT');
  const off = await pollUntil(
    STOPPED_WITHIN_MS,
    async () => (await livePostmaster(cluster))?.pid !== pid || null,
  );
  if (!off) throw new Error(`The embedded PostgreSQL in ${cluster} (pid ${pid}) does not stop`);
}
