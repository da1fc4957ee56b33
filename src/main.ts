import { databaseLocation } from './config/database-location';
import { SettingsError } from './config/settings-error';
import { describeConnectionError } from './database/describe-connection-error';
import { startService } from './start-service';

/** A person reads this at a prompt: one line when they can mend it, the whole story when it is our fault. */
function fail(error: unknown): never {
  const location = error instanceof SettingsError ? null : databaseLocation(process.env);
  const connection = location?.kind === 'url' ? describeConnectionError(error, location.url) : null;
  console.error(connection ?? (error instanceof Error ? error.message : error));
  process.exit(1);
}

async function main(): Promise<void> {
  const service = await startService(process.env);
  let isStopping = false;
  const stop = () => {
    // A second signal must not start a second shutdown.
    if (isStopping) return;
    isStopping = true;
    service.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch(fail);
