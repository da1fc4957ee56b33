import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedServer } from '../src/database/embedded-server';

export interface BenchServer {
  /** Of the bench's own database, as the owner. */
  url: string;
  /** Of the server, and for whatever else the bench keeps. */
  dataDir: string;
  /** As the owner. */
  sql: Client;
}

/**
 * An empty database of the bench's own, gone when the work is done: on the server that DATABASE_URL names, whose login
 * must be a superuser, or on an embedded one.
 */
export async function withServer<Result>(work: (server: BenchServer) => Promise<Result>): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-bench-'));
  // For root the server runs as another user, who must get in.
  await chmod(dataDir, 0o755);
  const given = process.env.DATABASE_URL;
  const server = given ? await createDatabase(given) : await startEmbeddedServer({ dataDir });
  const sql = new Client({ connectionString: server.url });
  try {
    await sql.connect();
    return await work({ url: server.url, dataDir, sql });
  } finally {
    await sql.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function createDatabase(serverUrl: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const admin = new Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const stop = async () => {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  };
  return { url: url.href, stop };
}
