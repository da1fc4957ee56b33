import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');
const BENCHES = ['ingest', 'persist', 'health', 'list', 'http', 'growth', 'rls'];

interface Report {
  measured: { bench: string; comparisons: { title: string; rows: { name: string; median: number }[] }[] }[];
}

/** That it runs and measures, of little; how fast anything is, is nothing for a test. */
describe('npm run bench', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'discovery-wiring-bench-try-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const bench = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['-r', 'ts-node/register', 'bench/main.ts', ...args], {
      cwd: ROOT,
      env: { ...process.env, TS_NODE_TRANSPILE_ONLY: 'true', DATABASE_URL: process.env.TEST_SERVER_URL },
    });

  it('measures each of them beside its baselines, and says so as a table, as JSON and as a chart', async () => {
    const [json, svg] = [join(directory, 'bench.json'), join(directory, 'growth.svg')];
    const { stdout } = await bench('--rows', '1000', '--rounds', '1', '--json', json, '--svg', svg);
    const { measured } = JSON.parse(await readFile(json, 'utf8')) as Report;
    expect(measured.map((each) => each.bench)).toEqual(BENCHES);
    for (const { comparisons } of measured) {
      for (const { title, rows } of comparisons) {
        expect(stdout).toContain(title);
        expect(rows.length).toBeGreaterThan(0);
        for (const { median } of rows) expect(median).toBeGreaterThan(0);
      }
    }
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg [^]*persist, a row[^]*<\/svg>/);
  }, 240_000);

  it.each([
    [['nothing'], /^there is no bench nothing\n\nUsage: npm run bench/],
    [['--rows', 'many'], /^--rows: must be a whole number above 0, and is many\n/],
  ])('refuses %j, and measures nothing', async (args, message) => {
    await expect(bench(...args)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
  });
});
