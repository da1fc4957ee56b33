import { setFlagsFromString } from 'node:v8';
import { errorLine } from './logging/error-line';
import { startService } from './start-service';

/** A person reads this at a prompt: what is wrong and how to mend it, in one line where they can. */
function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** Whoever stops the service kills it soon after. */
const STOP_WITHIN_MS = 14_000;

/**
 * How much the heap may grow, in percent of what is in use, until garbage is looked for. By default it is several
 * times that, and the garbage of a large upload is most of what the process holds.
 */
const HEAP_GROWTH = 50;

async function main(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  const service = await startService(process.env);
  let isStopping = false;
  const stop = () => {
    // A second signal must not start a second shutdown.
    if (isStopping) return;
    isStopping = true;
    setTimeout(
      fail,
      STOP_WITHIN_MS,
      new Error('The shutdown did not end in time; what was under way goes on later.'),
    );
    service.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

// Node would print the error with all that it holds, a row of an inventory perhaps.
process.on('uncaughtException', (error) => {
  fail(JSON.stringify(errorLine(error)));
});

main().catch(fail);
