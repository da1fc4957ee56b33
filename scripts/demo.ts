import { constants } from 'node:os';
import { loadSettings } from '../src/config/settings';
import { startService } from '../src/start-service';
import { showMainJob } from './demo/show-main-job';

/* The main job on the inventories of `samples/`, through the API of the real service: `npm run demo` */

/** It takes seconds. What has taken so long will not end at all. */
const GIVE_UP_AFTER_MS = 5 * 60_000;

async function demo(stop: AbortSignal): Promise<void> {
  const { env } = process;
  const { HOST, PORT, database } = loadSettings(env);
  const place = database.kind === 'url' ? 'on the server of DATABASE_URL' : `in ${database.dataDir}`;
  console.log(`Three inventories become linked assets. The service starts, with its database ${place} …`);
  // On a port of its own, so that it can run beside `npm start`.
  const service = await startService({
    ...env,
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: env.LOG_LEVEL || 'silent',
  });
  try {
    await showMainJob({ origin: service.url, laterOrigin: `http://${HOST}:${PORT}`, signal: stop });
  } finally {
    await service.stop();
  }
}

async function main(): Promise<void> {
  const interrupted = new AbortController();
  let exitCode = 1;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // A second one must not cut off the stop that the first began; npm forwards what the terminal has sent already.
    process.on(signal, () => {
      exitCode = 128 + constants.signals[signal];
      interrupted.abort();
    });
  }
  try {
    await demo(AbortSignal.any([interrupted.signal, AbortSignal.timeout(GIVE_UP_AFTER_MS)]));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(interrupted.signal.aborted ? '\nThe demo was stopped.' : `\nThe demo failed: ${reason}`);
    process.exitCode = exitCode;
  }
}

void main();
