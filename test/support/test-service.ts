import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { loadSettings } from '../../src/config/settings';
import { createApp, listen } from '../../src/create-app';
import { createLogger } from '../../src/logging/create-logger';
import type { HttpTimeouts } from '../../src/http/http-timeouts';
import { ApiClient, newTenant } from './api-client';
import { createTestDatabase } from './test-database';

export interface TestService {
  app: NestFastifyApplication;
  origin: string;
  databaseUrl: string;
  /** A connection of the test's own, as a DBA has. */
  sql: Client;
  /** A client of a tenant of its own. */
  newClient(): ApiClient;
  stop(): Promise<void>;
}

/**
 * The whole service in this process, on a database of its own and a free port.
 * `via` makes the URL by which the service reaches its database, a proxy's for one, from the database's own.
 */
export async function startTestService(
  env: NodeJS.ProcessEnv = {},
  via: (databaseUrl: string) => Promise<string> | string = (url) => url,
  timeouts?: HttpTimeouts,
): Promise<TestService> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-data-'));
  const settings = loadSettings({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    PORT: '0',
    ...env,
  });
  const app = await createApp(settings, await via(database.url), createLogger(settings), timeouts);
  await listen(app, settings);
  const origin = await app.getUrl();
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  return {
    app,
    origin,
    databaseUrl: database.url,
    sql,
    newClient: () => new ApiClient(origin, newTenant()),
    stop: async () => {
      await app.close();
      await sql.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
