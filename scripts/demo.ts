import { loadSettings } from '../src/config/settings';
import { startOwnService } from './client/start-own-service';
import { watchSignals } from './client/watch-signals';
import { showMainJob } from './demo/show-main-job';

/* The main job on the inventories of `samples/`, through the API of the real service: `npm run demo` */

/** It takes seconds. What has taken so long will not end at all. */
const GIVE_UP_AFTER_MS = 5 * 60_000;

async function demo(stop: AbortSignal): Promise<void> {
  const { env } = process;
  const { HOST, PORT, database } = loadSettings(env);
  const place = database.kind === 'url' ? 'on the server of DATABASE_URL' : `in ${database.dataDir}`;
  console.log(`Three inventories become linked assets. The service starts, with its database ${place} …`);
  const service = await startOwnService(env);
  try {
    await showMainJob({ origin: service.url, laterOrigin: `http://${HOST}:${PORT}`, signal: stop });
  } finally {
    await service.stop();
  }
}

async function main(): Promise<void> {
  const interruption = watchSignals();
  try {
    await demo(AbortSignal.any([interruption.signal, AbortSignal.timeout(GIVE_UP_AFTER_MS)]));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const exitCode = interruption.exitCode();
    console.error(exitCode === null ? `\nThe demo failed: ${reason}` : '\nThe demo was stopped.');
    process.exitCode = exitCode ?? 1;
  }
}

void main();
