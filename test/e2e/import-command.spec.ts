import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ApiClient } from '../support/api-client';
import { refuseAssetsNamed } from '../support/fault';
import { importAndFlow, serversCsv } from '../support/inventory';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

const ROOT = join(__dirname, '../..');

interface Command {
  child: ChildProcess;
  out: string;
  err: string;
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>;
}

describe('npm run import', () => {
  let service: TestService;
  let client: ApiClient;
  let directory: string;
  let lockers: Client[] = [];
  beforeAll(async () => {
    service = await startTestService();
    directory = await mkdtemp(join(tmpdir(), 'discovery wiring import '));
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterEach(async () => {
    await Promise.all(lockers.map((locker) => locker.end()));
    lockers = [];
  });
  afterAll(async () => {
    await service.stop();
    await rm(directory, { recursive: true, force: true });
  });

  function start(args: string[], env: NodeJS.ProcessEnv = {}): Command {
    const child = spawn(process.execPath, [join(ROOT, 'dist/scripts/import.js'), ...args], {
      cwd: directory,
      env: { ...process.env, LOG_LEVEL: '', DATABASE_URL: '', DATA_DIR: directory, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    const command: Command = { child, out: '', err: '', ended };
    child.stdout.on('data', (chunk) => (command.out += String(chunk)));
    child.stderr.on('data', (chunk) => (command.err += String(chunk)));
    return command;
  }
  const tenantArgs = () => [
    ...['--client', client.tenant.client_account_id],
    ...['--engagement', client.tenant.engagement_id],
  ];
  /** Against the running service. */
  const begin = (file: string, ...more: string[]) =>
    start([file, ...tenantArgs(), '--url', service.origin, ...more]);
  async function run(file: string, ...more: string[]) {
    const command = begin(file, ...more);
    return { code: await command.ended, out: command.out, err: command.err };
  }
  async function write(name: string, content: string): Promise<string> {
    await writeFile(join(directory, name), content);
    return name;
  }
  async function holdAssets() {
    const locker = new Client({ connectionString: service.databaseUrl });
    await locker.connect();
    lockers.push(locker);
    await locker.query('BEGIN; LOCK TABLE migration.assets IN SHARE MODE');
    return { release: () => locker.query('COMMIT') };
  }
  const assets = async () => (await client.get('/unified-discovery/assets')).body.pagination.total as number;
  const runCount = async () =>
    (
      await service.sql.query('SELECT FROM migration.discovery_runs WHERE client_account_id = $1', [
        client.tenant.client_account_id,
      ])
    ).rowCount;

  const setRun = (set: string) =>
    service.sql.query(`UPDATE migration.discovery_runs SET ${set} WHERE client_account_id = $1`, [
      client.tenant.client_account_id,
    ]);

  const refuseSecondChunk = () =>
    refuseAssetsNamed(service.sql, ...Array.from({ length: 10 }, (_, i) => `web-${11 + i}`));

  it('turns every row into an asset, prints the ledger in plain lines and ends with 0', async () => {
    const { code, out, err } = await run(await write('good.csv', serversCsv(120)), '--chunk-size', '50');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^good\.csv\n {2}upload {2}120 rows\n/);
    expect(out).toContain('columns 5 of 6 recognised');
    expect(out).toContain('Hostname → hostname');
    expect(out).toContain('kept as they are: Rack');
    expect(out).toMatch(/^ {2}run {5}completed: 120 assets/m);
    expect(rowOf(out, 'of the run')).toEqual(['120', '120', '0', '0', '0', '0', '3 of 3']);
    expect(rowOf(out, 'of the file')).toEqual(['120', '120', '0', '0', '0', '0', '']);
    expect(out).toContain('Wiring health of the engagement: healthy');
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    expect(await assets()).toBe(120);
    const { body } = await client.get('/discovery-flows');
    expect(body.data).toMatchObject([{ flow_name: 'good.csv' }]);
  });

  it('names rejected rows, says where all of them are, and ends with 3', async () => {
    const csv = `${serversCsv(3)}${',,,,,x\n'.repeat(12)}\0,,,,,y\n`;
    const { code, out } = await run(await write('bad rows.csv', csv), '--flow-name', 'Munich');
    expect(code).toBe(3);
    expect(rowOf(out, 'of the file')).toEqual(['16', '3', '0', '0', '13', '0', '']);
    expect(out).toContain('  row 4: missing_name: ');
    expect(out).toContain('and 3 more');
    const [, accept, url] = /curl .*-H '(Accept: text\/csv)'.* '(http[^']+)'/.exec(out)!;
    expect(accept).toBe('Accept: text/csv');
    const rejects = await client.get(new URL(url!).pathname.replace('/api/v1', ''), { accept: 'text/csv' });
    expect(rejects.text.trimEnd().split('\r\n')).toHaveLength(14);
    expect((await client.get('/discovery-flows')).body.data).toMatchObject([{ flow_name: 'Munich' }]);
  });

  it('prints what it has when the same bytes come again, and makes nothing', async () => {
    const file = await write('again.csv', serversCsv(20));
    expect((await run(file)).code).toBe(0);
    const { code, out } = await run(file);
    expect(code).toBe(0);
    expect(out).toContain('These bytes were imported before');
    expect(rowOf(out, 'of the file')).toEqual(['20', '20', '0', '0', '0', '0', '']);
    expect([await runCount(), await assets()]).toEqual([1, 20]);
    expect((await run(file, '--force')).out).not.toContain('imported before');
    expect(await runCount()).toBe(2);
  });

  it('ends with 1 when the run fails, and goes on with the same import the next time', async () => {
    const mend = await refuseSecondChunk();
    const file = await write('fails.csv', serversCsv(30));
    const failed = await run(file, '--chunk-size', '10').finally(mend);
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/The run failed: chunk 2: the database refused it/);
    expect(rowOf(failed.out, 'of the run')).toEqual(['30', '10', '0', '0', '0', '20', '1 of 3, 1 failed']);
    const again = await run(file);
    expect(again.code).toBe(0);
    expect(again.out).toContain('These bytes were imported before');
    expect(rowOf(again.out, 'of the run')).toEqual(['20', '20', '0', '0', '0', '0', '1 of 1']);
    expect(rowOf(again.out, 'of the file')).toEqual(['30', '30', '0', '0', '0', '0', '']);
  });

  it('ends with 3 when rows of a skipped chunk are pending', async () => {
    const mend = await refuseSecondChunk();
    const file = await write('skips.csv', serversCsv(30));
    const { code, out } = await run(file, '--chunk-size', '10', '--failure-policy', 'skip').finally(mend);
    expect(code).toBe(3);
    expect(rowOf(out, 'of the file')).toEqual(['30', '20', '0', '0', '0', '10', '']);
  });

  it('says how far it is, leaves the run alone at Ctrl-C, and follows it the next time', async () => {
    const held = await holdAssets();
    const file = await write('slow.csv', serversCsv(20));
    const first = begin(file);
    await waitFor('the run', async () => (await runCount()) === 1);
    // For as long as the test needs; its worker loses the lease.
    await setRun(`status = 'paused', attempt = attempt + 1, lease_owner = NULL`);
    await held.release();
    await waitFor('a line of progress', () => /^ {2}run {5}0% {2}0 of 20 rows, paused$/m.test(first.out));
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(130);
    expect(first.err).toBe('\nStopped. The run goes on in the service; the same command shows it again.\n');
    const second = begin(file);
    await waitFor('it to follow', () => second.out.includes('A run over its rows is under way already'));
    // As if its holder had died: the service's own look-out wakes it.
    await setRun(`status = 'queued', lease_expires_at = now() - interval '1 second'`);
    expect(await second.ended).toBe(0);
    expect(rowOf(second.out, 'of the run')).toEqual(['20', '20', '0', '0', '0', '0', '1 of 1']);
    expect(await runCount()).toBe(1);
  });

  it('ends with 1 when the run is cancelled by somebody else', async () => {
    await holdAssets();
    const command = begin(await write('cancelled.csv', serversCsv(20)));
    await waitFor('the run', async () => (await runCount()) === 1);
    await setRun(`status = 'cancelled', attempt = attempt + 1, lease_owner = NULL`);
    expect(await command.ended).toBe(1);
    expect(command.out).toContain('cancelled: 0 assets');
  });

  it('counts what a run would do with --dry-run, and makes no asset', async () => {
    const file = await write('dry.csv', `${serversCsv(5)}web-1,10.0.0.1,PROD,2,5,R1\n,,,,,x\n`);
    const { code, out } = await run(file, '--dry-run');
    expect(code).toBe(3);
    expect(rowOf(out, 'rows')).toEqual(['7', '5', '1', '0', '1']);
    expect([await runCount(), await assets()]).toEqual([0, 0]);
  });

  it('ends with 0 for duplicates and with 3 for conflicts, unless the policy settles them', async () => {
    expect((await run(await write('known.csv', serversCsv(3)))).code).toBe(0);
    const same = await run(await write('same.csv', `${serversCsv(3)}\n`));
    expect(rowOf(same.out, 'of the file')).toEqual(['3', '0', '3', '0', '0', '0', '']);
    expect(same.code).toBe(0);
    const other = serversCsv(3).replace('web-2,10.0.0.2,PROD,3', 'web-2,10.0.0.2,PROD,99');
    const kept = await run(await write('other.csv', other));
    expect(rowOf(kept.out, 'of the file')).toEqual(['3', '0', '2', '1', '0', '0', '']);
    expect(kept.code).toBe(3);
    expect(kept.out).toContain(
      'In conflict:\n  row 2, web-2 by hostname: CPU Cores: 3 there, 99 here (kept)\n',
    );
  });

  it('prints the first conflicts and how many more there are', async () => {
    await run(await write('first.csv', serversCsv(8)));
    const { out } = await run(await write('second.csv', serversCsv(8).replaceAll(',PROD,', ',DEV,')));
    expect(
      out.match(
        /^ {2}row \d+, web-\d by hostname: Environment: "production" there, "development" here \(kept\)$/gm,
      ),
    ).toHaveLength(5);
    expect(out).toContain('  and 3 more');
  });

  it('reads a file without column names with --header none, which the refusal tells', async () => {
    const file = await write('dump.csv', 'web-1;10.0.0.1\nweb-2;10.0.0.2\n');
    const refused = await run(file);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.out + refused.err).toMatch(/header=none/);
    const { code, out } = await run(file, '--header', 'none', '--map', 'column_1=hostname');
    expect(out).toContain('column_1');
    expect(code).toBe(0);
  });

  it('makes one record of several rows with --group-by, and warns without it', async () => {
    const file = await write('doubled.csv', 'Hostname,IP Address\na,10.0.0.1\nb,10.0.0.2\na,10.0.0.3\n');
    const warned = await run(file, '--dry-run');
    expect(warned.out).toContain(
      '  warning One value of "Hostname" stands on 2 rows; ?group_by=Hostname makes',
    );
    const { code, out } = await run(file, '--group-by', 'Hostname');
    expect(code).toBe(0);
    expect(out).toContain('  grouped 2 rows became 1 by Hostname');
    expect(out).not.toMatch(/^ {2}warning /m);
    expect(rowOf(out, 'of the file')).toEqual(['2', '2', '0', '0', '0', '0', '']);
  });

  it('approves the mappings of --map beside the confident suggestions, and they are remembered', async () => {
    const csv = (note: string) => `Blubb,Serial Number,Rack,Zeug\nweb-1,s1,${note},x\n`;
    const file = await write('map.csv', csv('1'));
    const args = ['--map', 'Blubb=hostname', '--map', 'Zeug=serial_number', '--map', 'Rack='];
    const { code, out } = await run(file, ...args);
    expect(code).toBe(0);
    expect(out).toContain('Blubb → hostname');
    expect(out).toContain('Zeug → serial_number');
    expect(out).toContain('kept as they are: Serial Number, Rack');
    expect((await run(file, ...args)).out).toContain('--map changes nothing: every row has its fate.');
    const again = await run(await write('map2.csv', csv('2').replace('web-1', 'web-2')));
    expect(again.out).toContain('columns 2 of 4 recognised');
    expect(again.out).toContain('Blubb → hostname');
    const unknown = await run(await write('map3.csv', csv('3')), '--map', 'Nowhere=hostname');
    expect(unknown.code).toBe(2);
    expect(unknown.err).toMatch(
      /^--map: the file has no column "Nowhere"; it has Blubb, Serial Number, Rack, Zeug\n/,
    );
  });

  it('says in one line why a file cannot be read, and ends with 1', async () => {
    const { code, err } = await run(await write('broken.json', '{"servers": [{"name": "a"'));
    expect(code).toBe(1);
    expect(err).toMatch(/^The import failed: POST \/data-imports was answered with 422: .+\n$/);
    const empty = await run(await write('empty.csv', ''));
    expect([empty.code, empty.err]).toEqual([1, expect.stringContaining('422: The file is empty.')]);
  });

  it('says that nothing listens at the URL, and starts nothing of its own', async () => {
    const file = await write('x.csv', serversCsv(1));
    const port = await freePort();
    const command = start([file, ...tenantArgs(), '--url', `http://127.0.0.1:${port}`]);
    expect(await command.ended).toBe(1);
    expect(command.err).toMatch(
      /^The import failed: http:\/\/127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\)\n$/,
    );
  });

  it.each([
    ['a missing file', ['nowhere.csv'], /^FILE: there is no .*nowhere\.csv\n/],
    ['no UUID', ['good.csv', '--client', '17'], /^--client: must be a UUID\n/],
    ['an unknown option', ['good.csv', '--bogus'], /--bogus/],
    ['no arguments', [], /^FILE: is missing; --client: is missing; --engagement: is missing\n/],
  ])('ends with 2 for %s', async (_what, args, message) => {
    const command = start(args.length > 0 ? [...tenantArgs(), ...args] : []);
    expect(await command.ended).toBe(2);
    expect(command.err).toMatch(message);
    expect(command.out).toBe('');
  });

  it('--help says what the exit codes mean', async () => {
    const command = start(['--help']);
    expect(await command.ended).toBe(0);
    expect(command.out).toMatch(/Exit code: 0 .*\n *3 .*\n *1 .*\n *2 /);
  });

  it('uses the service on HOST and PORT', async () => {
    const { hostname, port } = new URL(service.origin);
    const file = await write('here.csv', serversCsv(4));
    const command = start([file, ...tenantArgs()], { HOST: hostname, PORT: port });
    expect(await command.ended).toBe(0);
    expect(await assets()).toBe(4);
  });

  it('starts the service for its own time when nothing listens there, and stops it', async () => {
    const file = await write('own.csv', `${serversCsv(5)},,,,,x\n`);
    const env = { PORT: String(await freePort()) };
    const first = start([file, ...tenantArgs()], env);
    expect({ code: await first.ended, err: first.err }).toEqual({ code: 3, err: '' });
    expect(first.out).toContain('the service starts here, for this import');
    expect(rowOf(first.out, 'of the file')).toEqual(['6', '5', '0', '0', '1', '0', '']);
    // Where `npm start` will serve, not where it served just now.
    expect(first.out).toContain(`http://127.0.0.1:${env.PORT}/api/v1/data-imports/`);
    const second = start([file, ...tenantArgs()], env);
    expect(await second.ended).toBe(3);
    expect(second.out).toContain('These bytes were imported before');
  });

  it('has terminal codes of a file printed by nobody', async () => {
    const { out } = await run(await write('esc.csv', 'Hostname,\x1b[31mRed\x07\nweb-1,x\n'));
    expect(out).toContain('Red');
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });

  it('reads an import of somebody else’s flow and list as it is', async () => {
    const csv = serversCsv(3);
    const { importId, flowId } = await importAndFlow(client, csv, 'listed.csv');
    const { body } = await client.get(`/raw-import-records?data_import_id=${importId}`);
    const discovered_assets = (body.data as { id: string }[]).map(({ id }, i) => ({
      name: `listed-${i}`,
      asset_type: 'server',
      raw_import_record_id: id,
    }));
    await client.post(`/discovery-flows/${flowId}/assets`, { discovered_assets });
    const { code, out } = await run(await write('listed.csv', csv));
    expect(code).toBe(0);
    expect(rowOf(out, 'of the file')).toEqual(['3', '3', '0', '0', '0', '0', '']);
    expect(out).not.toContain('of the run');
  });
});

/** The cells of the table's row that begins so. */
function rowOf(output: string, heading: string): string[] | undefined {
  return output
    .split('\n')
    .find((line) => line.startsWith(`│ ${heading}`))
    ?.split('│')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
