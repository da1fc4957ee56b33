import { databaseLocation } from '../config/database-location';
import { explainingConnection } from './explaining-connection';
import { startEmbeddedServer } from './embedded-server';

/**
 * Gives a script its database: the one of DATABASE_URL, else the embedded one, which is started for the duration
 * unless it runs already. Notices go to stderr, so that the script's own output stays clean.
 * @throws Error in one line where the database cannot be reached.
 */
export async function withDatabaseUrl<Result>(
  env: NodeJS.ProcessEnv,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const location = databaseLocation(env);
  if (location.kind === 'url') return explainingConnection(location.url, work);
  const server = await startEmbeddedServer({
    dataDir: location.dataDir,
    onNotice: (line) => {
      console.error(line);
    },
  });
  try {
    return await explainingConnection(server.url, work);
  } finally {
    await server.stop();
  }
}
