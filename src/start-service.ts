import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { loadSettings, type Settings } from './config/settings';
import { createApp } from './create-app';
import { startEmbeddedServer } from './database/embedded-server';
import { runMigrations } from './database/run-migrations';
import { schemaState } from './database/schema-state';

export interface RunningService {
  /** Where it listens. */
  url: string;
  /** Stops taking requests, ends the chunk under way, closes the connections, and the embedded database last. */
  stop(): Promise<void>;
}

/**
 * Starts everything: settings, database, schema, HTTP.
 * @throws Error whose message says in one line what is wrong and how to mend it, where a person can.
 */
export async function startService(env: NodeJS.ProcessEnv): Promise<RunningService> {
  const settings = loadSettings(env);
  const database = await openDatabase(settings);
  try {
    await prepareSchema(settings, database.url);
    const app = await createApp(settings, database.url);
    try {
      await app.listen(settings.PORT, settings.HOST);
    } catch (error) {
      await app.close();
      throw explainListenError(error, settings);
    }
    return {
      url: await app.getUrl(),
      stop: async () => {
        await app.close();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function openDatabase({ database }: Settings): Promise<{ url: string; stop(): Promise<void> }> {
  if (database.kind === 'url') return { url: database.url, stop: () => Promise.resolve() };
  return startEmbeddedServer({ dataDir: database.dataDir, onNotice: notice });
}

/** The embedded database is the service's own to migrate; a server that others share only when told to. */
async function prepareSchema({ database, MIGRATE_ON_START }: Settings, url: string): Promise<void> {
  if (database.kind === 'embedded' || MIGRATE_ON_START) {
    for (const name of await runMigrations(url, notice)) notice(`ran ${name}`);
    return;
  }
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const state = await schemaState(async (sql) => (await client.query(sql)).rows);
    const pending = state.filter(({ executed }) => !executed).length;
    if (pending > 0) {
      throw new Error(
        `The schema is ${pending} migrations behind: run \`npm run migration:run\`, or start with MIGRATE_ON_START=true`,
      );
    }
  } finally {
    await client.end();
  }
}

function notice(line: string): void {
  Logger.log(line, 'Database');
}

function explainListenError(error: unknown, { HOST, PORT }: Settings): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new Error(`PORT: ${PORT} on ${HOST} is taken; stop what uses it or set PORT`);
  if (code === 'EACCES') return new Error(`PORT: ${PORT} on ${HOST} may not be opened by this user; set PORT above 1023`);
  if (code === 'EADDRNOTAVAIL') return new Error(`HOST: ${HOST} is no address of this machine`);
  return error;
}
