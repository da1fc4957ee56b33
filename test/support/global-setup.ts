import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedServer } from '../../src/database/embedded-server';
import { runMigrations } from '../../src/database/run-migrations';
import { TEMPLATE } from './test-database';

interface TestServer {
  url: string;
  stop(): Promise<void>;
}

declare global {
  var stopTestServer: (() => Promise<void>) | undefined;
}

/** One PostgreSQL for the whole run, with a migrated database that every test file clones. */
export default async function globalSetup(): Promise<void> {
  const { name, server } = await chooseServer();
  console.log(`\nTests run on ${name}`);
  globalThis.stopTestServer = () => server.stop();
  process.env.TEST_SERVER_URL = server.url;
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  const template = new URL(server.url);
  template.pathname = `/${TEMPLATE}`;
  await runMigrations(template.href, () => undefined);
}

async function chooseServer(): Promise<{ name: string; server: TestServer }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given)
    return { name: 'the server of TEST_DATABASE_URL', server: { url: given, stop: () => Promise.resolve() } };
  if (process.env.DOCKER_HOST || existsSync('/var/run/docker.sock')) {
    const container = await startContainer().catch(() => null);
    if (container) return { name: 'PostgreSQL 17 in a container', server: container };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-test-'));
  // For root the server runs as another user, who must get in.
  await chmod(dataDir, 0o755);
  // Durability is what some tests are about, but they kill processes, never the machine.
  const server = await startEmbeddedServer({ dataDir, settings: { fsync: 'off', max_connections: '200' } });
  const stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { name: 'the embedded PostgreSQL', server: { url: server.url, stop } };
}

async function startContainer(): Promise<TestServer> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:17').start();
  return { url: container.getConnectionUri(), stop: () => container.stop().then(() => undefined) };
}
