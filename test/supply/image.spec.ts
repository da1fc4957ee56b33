import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { INGEST_ROLE, SERVICE_ROLE } from '../../src/database/roles';
import { newTenant } from '../support/api-client';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { TokenIssuer } from '../support/token-issuer';
import { waitFor } from '../support/wait-for';

const ROOT = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const run = promisify(execFile);

interface Package {
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
  link?: boolean;
  integrity?: string;
}

const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Package> };
const installed = Object.entries(packages).filter(([path]) => path !== '');
/** What `npm prune --omit=dev --omit=optional` leaves. */
const production = installed.filter(([, it]) => !it.dev && !it.devOptional && !it.optional);

/** The last stage of the Dockerfile: what it copies from where. */
const stage = read('Dockerfile')
  .split(/^FROM /m)
  .at(-1)!;
const copied = [...stage.matchAll(/^COPY (--from=build \/app\/)?(\S+) \S+$/gm)].map(
  ([, , path = '']) => path,
);

describe('the image', () => {
  it('is built of what is pinned: bases by digest, packages by checksum', () => {
    const bases = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    const images = [...read('docker-compose.yml').matchAll(/^\s+image: (\S+)/gm)].map(([, image]) => image);
    expect(bases).toHaveLength(2);
    expect(images).toHaveLength(1);
    for (const image of [...bases, ...images]) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(installed.filter(([, it]) => !it.link && !it.integrity).map(([path]) => path)).toEqual([]);
  });

  it('is no root, gets its signals, and is asked for its health', () => {
    expect(stage).toMatch(/^USER \d+:\d+$/m);
    expect(stage).toMatch(/^CMD \["node", /m);
    expect(stage).toMatch(/^HEALTHCHECK /m);
    const compose = read('docker-compose.yml');
    for (const line of ['read_only: true', 'cap_drop: [ALL]', `security_opt: ['no-new-privileges:true']`]) {
      expect(compose.split(line)).toHaveLength(3);
    }
  });

  it('has a bill of materials, with a version and a licence of every part', async () => {
    const { stdout } = await run('npm', ['run', '--silent', 'sbom'], { cwd: ROOT, maxBuffer: 1 << 26 });
    const { components } = JSON.parse(stdout) as { components: { version?: string; licenses?: unknown[] }[] };
    expect(components.length).toBeGreaterThan(50);
    expect(components.filter(({ version, licenses }) => !version || !licenses?.length)).toEqual([]);
  });
});

/** No Docker engine is asked: what the Dockerfile copies is laid out, and started as it says. */
describe('what the image has', () => {
  let database: TestDatabase;
  let issuer: TokenIssuer;
  let admin: Client;
  let app: string;
  const login = `test_image_${process.pid}`;

  beforeAll(async () => {
    database = await createTestDatabase();
    issuer = await TokenIssuer.start();
    admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`CREATE ROLE ${login} LOGIN PASSWORD 'secret' IN ROLE ${SERVICE_ROLE}, ${INGEST_ROLE}`);
    app = await mkdtemp(join(tmpdir(), 'discovery-wiring-image-'));
    await chmod(app, 0o755);
    for (const path of copied) {
      const parts = path === 'node_modules' ? production.map(([name]) => name) : [path];
      for (const part of parts) {
        if (existsSync(join(app, part))) continue;
        await mkdir(dirname(join(app, part)), { recursive: true });
        execFileSync('cp', ['-r', join(ROOT, part), join(app, part)]);
      }
    }
    await mkdir(join(app, 'data'));
    await run('chmod', ['-R', 'a-w,a+rX', app]);
    await chmod(join(app, 'data'), 0o777);
  }, 120_000);
  afterAll(async () => {
    await admin.query(`DROP ROLE ${login}`);
    await admin.end();
    await issuer.stop();
    await database.drop();
    await run('chmod', ['-R', 'u+w', app]);
    await rm(app, { recursive: true });
  });

  const start = (script: string[], url: string) => {
    // As nobody, where the tests may choose: root could write everywhere.
    const isRoot = process.getuid?.() === 0;
    return spawn(process.execPath, script, {
      cwd: app,
      ...(isRoot && { uid: 65_534, gid: 65_534 }),
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        DATABASE_URL: url,
        DATA_DIR: join(app, 'data'),
        PORT: '0',
        ...issuer.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };

  it('is all that the service needs, read-only, as nobody, with a login that owns nothing', async () => {
    if (process.getuid?.() === 0) await chown(join(app, 'data'), 65_534, 65_534);
    const url = new URL(database.url);
    url.username = login;
    url.password = 'secret';
    const child = start(['dist/src/main.js'], url.href);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const exit = once(child, 'exit') as Promise<[number | null]>;
    try {
      const origin = await waitFor('the service', () => {
        if (child.exitCode !== null) throw new Error(output);
        return Promise.resolve(/listens on (\S+);/.exec(output)?.[1]);
      });
      const { client_account_id, engagement_id } = newTenant();
      const token = await issuer.token({ admin: true, scope: 'inventory:write inventory:read wiring:read' });
      const headers = {
        authorization: `Bearer ${token}`,
        'x-client-account-id': client_account_id,
        'x-engagement-id': engagement_id,
      };
      const ask = async (path: string, init: { method?: string; body?: string; headers?: object } = {}) =>
        (await (
          await fetch(`${origin}/api/v1${path}`, {
            ...init,
            headers: { ...headers, ...init.headers },
          })
        ).json()) as Record<string, unknown>;
      const csv = { method: 'POST', body: 'Hostname\nweb-1\n', headers: { 'content-type': 'text/csv' } };
      const { id } = await ask('/data-imports?filename=a.csv', csv);
      const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
      const body = JSON.stringify({ flow_name: 'image', data_import_id: id });
      const { flow_id } = await ask('/discovery-flows', { ...json, body });
      const run = await ask(`/discovery-flows/${String(flow_id)}/runs`, { ...json, body: '{}' });
      await waitFor('the run', async () => {
        const { status } = await ask(`/discovery-flows/${String(flow_id)}/runs/${String(run.id)}`);
        return status === 'completed';
      });
      expect((await ask('/health/wiring')).health_status).toBe('healthy');
      expect(output).not.toContain('gets round row-level security');
    } finally {
      child.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
    }
  }, 60_000);

  it('migrates by itself', async () => {
    const child = start(['dist/scripts/migration.js', 'run'], database.url);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'exit')) as [number];
    expect({ code, output }).toEqual({ code: 0, output: 'nothing to do: the schema is up to date\n' });
  });
});
