import { errorLine } from './logging/error-line';
import { startService } from './start-service';

/** A person reads this at a prompt: what is wrong and how to mend it, in one line where they can. */
function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** Whoever stops the service kills it soon after. */
const STOP_WITHIN_MS = 14_000;

async function main(): Promise<void> {
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
