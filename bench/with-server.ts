import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedServer } from '../src/database/embedded-server';

export interface BenchServer {
  url: string;
  /** Of the server, and for whatever else the bench keeps. */
  dataDir: string;
  /** As the owner. */
  sql: Client;
}

/** An empty embedded database of the bench's own, gone when the work is done. */
export async function withServer(work: (server: BenchServer) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-bench-'));
  // For root the server runs as another user, who must get in.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedServer({ dataDir });
  const sql = new Client({ connectionString: server.url });
  try {
    await sql.connect();
    await work({ url: server.url, dataDir, sql });
  } finally {
    await sql.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
