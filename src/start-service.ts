import { Client } from 'pg';
import type { Logger } from 'pino';
import { loadSettings, type Settings } from './config/settings';
import { createApp, listen } from './create-app';
import { explainingConnection } from './database/explaining-connection';
import { startEmbeddedServer } from './database/embedded-server';
import { requireWalls } from './database/require-walls';
import { runMigrations } from './database/run-migrations';
import { schemaState } from './database/schema-state';
import { createLogger } from './logging/create-logger';

const CUT_CONNECTIONS_AFTER_MS = 8_000;

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
  const logger = createLogger(settings);
  const database = await openDatabase(settings, logger);
  try {
    return await explainingConnection(database.url, async (databaseUrl) => {
      await prepareSchema(settings, databaseUrl, logger);
      const unwise = await requireWalls(databaseUrl);
      if (settings.NODE_ENV === 'production') for (const line of unwise) logger.warn(line);
      const app = await createApp(settings, databaseUrl, logger);
      await listen(app, settings);
      const url = await app.getUrl();
      logger.info(`Discovery wiring listens on ${url}; its API is described at ${url}/docs`);
      if (settings.AUTH_MODE === 'headers') {
        logger.warn(
          'AUTH_MODE=headers: whoever reaches this service may name any tenant; AUTH_MODE=jwt verifies tokens',
        );
      }
      return {
        url,
        stop: async () => {
          // Requests under way may end; an upload over a slow line may not hold up the shutdown.
          const cut = setTimeout(() => {
            app.getHttpServer().closeAllConnections();
          }, CUT_CONNECTIONS_AFTER_MS);
          await app.close();
          clearTimeout(cut);
          await database.stop();
        },
      };
    });
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function openDatabase(
  { database }: Settings,
  logger: Logger,
): Promise<{ url: string; stop(): Promise<void> }> {
  if (database.kind === 'url') return { url: database.url, stop: () => Promise.resolve() };
  return startEmbeddedServer({
    dataDir: database.dataDir,
    onNotice: (line) => {
      logger.info(line);
    },
  });
}

/** The embedded database is the service's own to migrate; a server that others share only when told to. */
async function prepareSchema(
  { database, MIGRATE_ON_START }: Settings,
  url: string,
  logger: Logger,
): Promise<void> {
  if (database.kind === 'embedded' || MIGRATE_ON_START) {
    const ran = await runMigrations(url, (line) => {
      logger.info(line);
    });
    if (ran.length > 0) logger.info({ ran }, 'schema migrated');
    return;
  }
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const state = await schemaState(async (sql) => (await client.query<object>(sql)).rows);
    const pending = state.filter(({ executed }) => !executed).length;
    if (pending > 0) {
      throw new Error(
        `The schema is ${pending} migrations behind: run \`npm run migration:run\`, or start with MIGRATE_ON_START=true`,
      );
    }
  } catch (error) {
    // "permission denied" helps nobody; the walls say which role the login has to be given.
    if ((error as { code?: string }).code === '42501') await requireWalls(url);
    throw error;
  } finally {
    await client.end();
  }
}
