import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedServer } from '../../src/database/embedded-server';
import { ServiceProcess } from '../support/service-process';
import { createTestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

const MAIN = join(__dirname, '../../dist/src/main.js');

describe('starting the service', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'discovery wiring start '));
    // The embedded server's own account must get in.
    await chmod(directory, 0o755);
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  it.each([
    [
      'a setting out of range',
      { ASSET_BATCH_CHUNK_SIZE: '9' },
      /^ASSET_BATCH_CHUNK_SIZE: must be at least 10$/,
    ],
    ['a word that is none', { ASSET_CHUNK_RETRY_POLICY: 'never' }, /^ASSET_CHUNK_RETRY_POLICY: /],
    ['two wrong settings', { PORT: 'x', MIGRATE_ON_START: '1' }, /^PORT: .*; MIGRATE_ON_START: /],
    [
      'a malformed DATABASE_URL',
      { DATABASE_URL: 'mysql://x' },
      /^DATABASE_URL: must look like postgres:\/\//,
    ],
    [
      'header tenancy in production',
      { NODE_ENV: 'production' },
      /^AUTH_MODE: headers is refused when NODE_ENV=production/,
    ],
    ['jwt without keys', { AUTH_MODE: 'jwt' }, /^JWT_JWKS_URL or JWT_JWKS_FILE/],
    [
      'a server that is not there',
      { DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/db' },
      /127\.0\.0\.1:1.*ECONNREFUSED/,
    ],
  ])('is refused in one line for %s', async (_, env, line) => {
    await expectRefusal(env, line);
  });

  it('is refused in one line for a wrong password, which the line does not repeat', async () => {
    const hba = join(directory, 'pg_hba.conf');
    await writeFile(hba, 'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n');
    await chmod(hba, 0o644);
    const server = await startEmbeddedServer({
      dataDir: join(directory, 'scram'),
      settings: { hba_file: hba },
    });
    try {
      const admin = new Client({ connectionString: server.url });
      await admin.connect();
      await admin.query(`CREATE ROLE app LOGIN PASSWORD 'right'`);
      await admin.end();
      const url = server.url.replace('postgres@', 'app:wrong-one@');
      const output = await expectRefusal(
        { DATABASE_URL: url },
        /refuses the password \(28P01\): correct user and password/,
      );
      expect(output).not.toContain('wrong-one');
    } finally {
      await server.stop();
    }
  });

  it('is refused in one line when the schema is behind, and migrates when told to', async () => {
    const database = await createTestDatabase({ migrated: false });
    try {
      const env = { DATABASE_URL: database.url, DATA_DIR: directory };
      await expectRefusal(env, /^The schema is \d+ migrations behind: run `npm run migration:run`/);
      const service = await ServiceProcess.start({ ...env, MIGRATE_ON_START: 'true' });
      const ready = await fetch(`${service.origin}/api/v1/health/ready`);
      expect(await ready.json()).toMatchObject({ status: 'ready', migrations: 'current' });
      expect(await service.terminate()).toBe(0);
    } finally {
      await database.drop();
    }
  });

  it('is refused in one line when the port is taken', async () => {
    const database = await createTestDatabase();
    const holder: Server = createServer().listen(0, '127.0.0.1');
    try {
      await once(holder, 'listening');
      const { port } = holder.address() as { port: number };
      const env = { DATABASE_URL: database.url, DATA_DIR: directory, PORT: String(port) };
      await expectRefusal(env, new RegExp(`^PORT: ${port} on 127.0.0.1 is taken`));
    } finally {
      holder.close();
      await database.drop();
    }
  });

  it('brings its own database, leaves none behind, and finds its rows again', async () => {
    const env = { DATA_DIR: join(directory, 'own data') };
    const first = await ServiceProcess.start(env);
    const flow = await createFlow(first.origin);
    await first.kill();
    const second = await ServiceProcess.start(env);
    expect((await fetch(`${second.origin}/api/v1/discovery-flows/${flow}`, { headers: TENANT })).status).toBe(
      200,
    );
    expect(await second.terminate()).toBe(0);
    const third = await ServiceProcess.start(env);
    expect((await fetch(`${third.origin}/api/v1/discovery-flows/${flow}`, { headers: TENANT })).status).toBe(
      200,
    );
    await waitFor('the warning that nobody is authenticated', () =>
      third.output().includes('AUTH_MODE=headers: whoever reaches this service may name any tenant'),
    );
    expect(await third.terminate()).toBe(0);
  });
});

const TENANT = {
  'x-client-account-id': '11111111-1111-4111-8111-111111111111',
  'x-engagement-id': '22222222-2222-4222-8222-222222222222',
};

async function createFlow(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/api/v1/discovery-flows`, {
    method: 'POST',
    headers: { ...TENANT, 'content-type': 'application/json' },
    body: JSON.stringify({ flow_name: 'kept' }),
  });
  return ((await answer.json()) as { flow_id: string }).flow_id;
}

/** The process ends with 1 and has said one line. @returns all that it said. */
async function expectRefusal(env: NodeJS.ProcessEnv, line: RegExp): Promise<string> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const read = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const [code] = (await once(child, 'close')) as [number];
  expect({ code, lines: output.trim().split('\n') }).toEqual({
    code: 1,
    lines: [expect.stringMatching(line)],
  });
  return output;
}
