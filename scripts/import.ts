import { Api } from './client/api';
import { printable } from './client/printable';
import { watchSignals } from './client/watch-signals';
import { importFile } from './import/import-file';
import { HELP, type ImportOptions, readImportOptions } from './import/import-options';
import { openService } from './import/open-service';
import { UsageError } from './usage-error';

/* An inventory file from the command line to its ledger: `npm run import -- --help` */

interface Watch {
  signal: AbortSignal;
  /** Where the run goes on when this command is stopped; null before there is one. */
  goesOn: string | null;
}

async function run(options: ImportOptions, watch: Watch): Promise<number> {
  const service = await openService(process.env, options.url);
  try {
    // From the environment alone: other users of the machine can read the arguments of a command.
    const token = process.env.DISCOVERY_WIRING_TOKEN ?? null;
    return await importFile(new Api(service.origin, options.tenant, watch.signal, token), {
      ...options,
      laterOrigin: service.laterOrigin,
      onRunning: () => {
        watch.goesOn = service.isOwn
          ? 'The run goes on when the service is started again, by `npm start` or by this command.'
          : 'The run goes on in the service; the same command shows it again.';
      },
    });
  } finally {
    await service.stop();
  }
}

async function main(): Promise<number> {
  const { npm_lifecycle_event, INIT_CWD } = process.env;
  // npm changes to the project's folder; the user meant the file from where npm was called.
  const directory = npm_lifecycle_event === 'import' && INIT_CWD ? INIT_CWD : process.cwd();
  const options = readImportOptions(process.argv.slice(2), directory);
  if (options === 'help') {
    console.log(HELP);
    return 0;
  }
  const interruption = watchSignals();
  const watch: Watch = { signal: interruption.signal, goesOn: null };
  try {
    return await run(options, watch);
  } catch (error) {
    const exitCode = interruption.exitCode();
    if (exitCode === null) throw error;
    console.error(`\nStopped. ${watch.goesOn ?? 'No run had begun.'}`);
    return exitCode;
  }
}

main().then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const isUsage = error instanceof UsageError;
    console.error(
      isUsage ? `${printable(message)}\n--help says more.` : `The import failed: ${printable(message)}`,
    );
    process.exitCode = isUsage ? 2 : 1;
  },
);
