import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { clusterIn } from './embedded/cluster';
import { pollUntil } from './embedded/poll-until';
import { livePostmaster } from './embedded/postmaster';
import { findServer } from './embedded/find-server.spec-helper';
import { startEmbeddedServer } from './embedded-server';

jest.setTimeout(60_000);

let root: string;
/** A cluster that most tests share, in a path with a space. */
let dataDir: string;
const children: ChildProcess[] = [];

const start = (directory = dataDir) =>
  startEmbeddedServer({ dataDir: directory, settings: { fsync: 'off' } });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'embedded server '));
  dataDir = join(root, 'data dir');
  // PostgreSQL runs as another account when the tests run as root.
  await chmod(root, 0o755);
  await start().then((server) => server.stop());
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const name of await readdir(root)) {
    const cluster = clusterIn(join(root, name));
    const server = await livePostmaster(cluster);
    if (!server) continue;
    process.kill(server.pid, 'SIGINT');
    await pollUntil(10_000, async () => (await livePostmaster(cluster)) === null || null);
  }
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** Another process that starts or joins the server and stays. */
async function startElsewhere(
  directory: string,
): Promise<{ child: ChildProcess; url: string; adopted: boolean }> {
  const script = `
    const { startEmbeddedServer } = require('./src/database/embedded-server');
    startEmbeddedServer({ dataDir: ${JSON.stringify(directory)}, settings: { fsync: 'off' } })
      .then(({ url, adopted }) => console.log(JSON.stringify({ url, adopted })));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['-r', 'ts-node/register', '-e', script], {
    cwd: join(__dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  children.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ...(JSON.parse(line) as { url: string; adopted: boolean }) };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  // Its whole process group, as a terminal does.
  process.kill(-child.pid!, signal);
  await once(child, 'exit');
}

describe('a server of one process', () => {
  it('is made, listens on this machine alone, and keeps what was written', async () => {
    const first = await start();
    expect(first).toMatchObject({
      adopted: false,
      url: `postgres://postgres@127.0.0.1:${first.port}/discovery_wiring`,
    });
    expect(await findServer(dataDir)).toBe(first.port);
    expect(
      await query(
        first.url,
        `SELECT current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS socket,
                current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding`,
      ),
    ).toEqual([{ listen: '127.0.0.1', socket: '', fsync: 'off', encoding: 'UTF8' }]);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await findServer(dataDir)).toBeNull();

    const second = await start();
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('is not there before it is started', async () => {
    expect(await findServer(join(root, 'nowhere'))).toBeNull();
  });

  it('stops although all its connections were cut', async () => {
    const server = await start();
    await query(
      server.url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    );
    await server.stop();
    expect(await findServer(dataDir)).toBeNull();
  });

  it('says in one line what to do where there is no PostgreSQL for the platform', async () => {
    const arch = Object.getOwnPropertyDescriptor(process, 'arch')!;
    Object.defineProperty(process, 'arch', { ...arch, value: 'mips' });
    await expect(start()).rejects.toThrow(
      /^The embedded PostgreSQL \(.*mips\) .*DATABASE_URL.*--omit=optional$/,
    );
    Object.defineProperty(process, 'arch', arch);
  });
});

describe('after a death', () => {
  it('of the service, the server is adopted', async () => {
    const { child, url, adopted } = await startElsewhere(dataDir);
    expect(adopted).toBe(false);
    await killed(child, 'SIGKILL');
    const server = await start();
    expect(server).toMatchObject({ adopted: true, url });
    await server.stop();
    expect(await findServer(dataDir)).toBeNull();
  });

  it('by Ctrl-C, which must not reach the server first', async () => {
    const { child, url } = await startElsewhere(dataDir);
    await killed(child, 'SIGINT');
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('of the server, it is started anew', async () => {
    const first = await start();
    process.kill((await livePostmaster(clusterIn(dataDir)))!.pid, 'SIGKILL');
    const second = await start();
    expect(second.adopted).toBe(false);
    await first.stop();
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it('in the middle of making the cluster, the next one makes it', async () => {
    const directory = join(root, 'interrupted');
    const child = startElsewhere(directory).catch(() => undefined);
    const begun = () =>
      readdir(directory).then(
        (names) => names.some((name) => name.startsWith('postgres.init-')) || null,
        () => null,
      );
    expect(await pollUntil(20_000, begun)).toBe(true);
    children.at(-1)!.kill('SIGKILL');
    const server = await start(directory);
    expect(server.adopted).toBe(false);
    await server.stop();
    void child;
  });
});

describe('a pid file that does not name our server', () => {
  const pidFile = () => join(clusterIn(dataDir), 'postmaster.pid');

  it.each(['another process', 'no process', 'nothing'])('names %s and does not block', async (kind) => {
    const { uid, gid } = await stat(clusterIn(dataDir));
    const stranger = spawn('sleep', ['600'], process.getuid?.() === 0 ? { uid, gid } : {});
    children.push(stranger);
    const pid = { 'another process': stranger.pid, 'no process': 4_194_303 }[kind];
    await writeFile(
      pidFile(),
      pid ? `${pid}\n${clusterIn(dataDir)}\n1\n5432\n\n127.0.0.1\n0 0\nready\n` : '',
    );
    await utimes(pidFile(), 0, 0);

    expect(await findServer(dataDir)).toBeNull();
    const server = await start();
    expect(server.adopted).toBe(false);
    await server.stop();
  });
});

describe('several users of one server', () => {
  it('keep it until the last one leaves, whoever started it', async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ adopted: true, url: first.url });
    await first.stop();
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(await findServer(dataDir)).toBeNull();
  });

  it('are also those that merely connect', async () => {
    const server = await start();
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await server.stop();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
  });

  it('turn it off when they leave at the same time', async () => {
    const servers = await Promise.all([start(), start(), start()]);
    await Promise.all(servers.map((server) => server.stop()));
    expect(await findServer(dataDir)).toBeNull();
  });

  it('may be the first to come, all at once', async () => {
    const directory = join(root, 'contested');
    await mkdir(directory);
    const users = await Promise.all([1, 2, 3].map(() => startElsewhere(directory)));
    expect(new Set(users.map(({ url }) => url)).size).toBe(1);
    expect(users.filter(({ adopted }) => !adopted)).toHaveLength(1);
    expect(await readdir(directory)).toEqual(['postgres', 'postgres.log']);
  });

  it('may come while the last one leaves', async () => {
    let server = await start();
    for (let round = 0; round < 5; round += 1) {
      const [next] = await Promise.all([start(), server.stop()]);
      expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      server = next;
    }
    await server.stop();
  });
});
