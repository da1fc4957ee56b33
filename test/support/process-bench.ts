import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { ServiceProcess } from './service-process';
import { createTestDatabase } from './test-database';
import { waitFor } from './wait-for';

export interface ProcessBench {
  databaseUrl: string;
  dataDir: string;
  /** A connection of the test's own, past any proxy. */
  sql: Client;
  /** Another service process on the same database. */
  start(env?: NodeJS.ProcessEnv): Promise<ServiceProcess>;
  /** Waits until the database has noticed that a killed process is gone, and ended what it had begun. */
  allGone(): Promise<void>;
  /** What lies in the spool directory. */
  spooled(): Promise<string[]>;
  close(): Promise<void>;
}

/** A database and a data directory on which service processes are started and killed. */
export async function openProcessBench(): Promise<ProcessBench> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-data-'));
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  const processes: ServiceProcess[] = [];
  return {
    databaseUrl: database.url,
    dataDir,
    sql,
    start: async (env = {}) => {
      const service = await ServiceProcess.start({ DATABASE_URL: database.url, DATA_DIR: dataDir, ...env });
      processes.push(service);
      return service;
    },
    allGone: async () => {
      await waitFor('the database to notice', async () => {
        const { rowCount } = await sql.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
              AND application_name LIKE 'discovery-wiring%'`,
        );
        return rowCount === 0;
      });
    },
    spooled: () => readdir(join(dataDir, 'uploads')).catch(() => []),
    close: async () => {
      await Promise.all(processes.map((service) => service.kill()));
      await sql.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
