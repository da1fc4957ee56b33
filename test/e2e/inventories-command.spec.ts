import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COMMAND = join(__dirname, '../../dist/scripts/inventories.js');

interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
}

describe('npm run inventories', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inventories '));
    await mkdir(join(folder, 'data/sub'), { recursive: true });
    await writeFile(join(folder, 'data/sub/servers.csv'), 'Hostname;RAM (GB)\nweb-1;4\nweb-2;8\n');
    await writeFile(join(folder, 'data/unknown.csv'), 'Hostname,RAM (GB)\ndb-1,16\n');
    await writeFile(join(folder, 'data/empty.csv'), '');
    await write('expected.json', {
      'sub/servers.csv': { fields: { hostname: 'Hostname', memory_gb: 'RAM (GB)' } },
    });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const write = (name: string, content: object) => writeFile(join(folder, name), JSON.stringify(content));
  const countRows = (rows: number) => write('data/MANIFEST.json', [{ file: 'sub/servers.csv', rows }]);
  const run = (...args: string[]) =>
    new Promise<Ended>((resolve) => {
      const env = { ...process.env, npm_lifecycle_event: '', LOG_LEVEL: '' };
      execFile(process.execPath, [COMMAND, ...args], { env, cwd: folder }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });

  it('exits with 0 when rows and suggestions are as expected, and says what it found besides', async () => {
    await countRows(2);
    const { exitCode, stdout, stderr } = await run('data', '--expected', 'expected.json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(
      /│ sub\/servers\.csv +│ .*│ utf-8 +│ ; +│.*│ +2 │ +2 │ +0 │ \. \+ \. \. \. \. \. \. \+/,
    );
    expect(stdout).toMatch(/│ unknown\.csv +│.*│ +- │ +1 │ +0 │ \. \? \. \. \. \. \. \. \?/);
    expect(stdout).toContain(
      'empty.csv: refused: POST /data-imports was answered with 422: The file is empty.',
    );
    expect(stdout).toContain('unknown.csv: hostname from "Hostname"');
    expect(stdout).toMatch(
      /^files {3}3, of which 1 refused\nrows {4}1 of 1 known counts met\nright {3}2 of 2 /m,
    );
    expect(stdout).toMatch(/^wrong {3}0 of 2 confident suggestions, 0\.0 %; as good left 0$/m);
  });

  it('exits with 1 when rows are missing, and with 1 when a person would map otherwise', async () => {
    await countRows(3);
    const rows = await run('data', '--expected', 'expected.json');
    expect(rows).toMatchObject({ exitCode: 1, stderr: '' });
    expect(rows.stdout).toContain('sub/servers.csv: expected 3 rows, found 2');

    await countRows(2);
    await write('other.json', {
      'sub/servers.csv': { fields: { name: 'Hostname' }, wrong: [['hostname', 'Hostname']] },
    });
    const mapping = await run('data', '--expected', 'other.json');
    expect(mapping).toMatchObject({ exitCode: 1, stderr: '' });
    expect(mapping.stdout).toContain('sub/servers.csv: missed name: expected "Hostname", found none');
    expect(mapping.stdout).toContain('wrong hostname: found "Hostname", a named mistake, expected none');
  });

  it('exits with 2 for arguments that cannot be meant', async () => {
    expect(await run('nowhere')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^DIR: .*nowhere is no folder\n/),
    });
  });
});
