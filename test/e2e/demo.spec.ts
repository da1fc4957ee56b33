import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { Workbook } from 'exceljs';
import { ServiceProcess } from '../support/service-process';

const ROOT = join(__dirname, '../..');
const SAMPLES = join(ROOT, 'samples');

/** What `samples/README.md` says is bad on purpose. */
const BAD_ROWS = {
  'cmdb-servers-frankfurt.csv': ['missing_name: 118, 407, 900', 'nul_byte: 512', 'too_many_cells: 233, 641'],
  'rvtools-vcenter-muc.xlsx': ['missing_name: 350, 700', 'too_many_cells: 512'],
  'agents-aws.ndjson': [
    'duplicate_key: 275',
    'invalid_utf8: 389',
    'lone_surrogate: 333',
    'malformed_json: 61, 144, 466',
    'missing_name: 420',
    'not_an_object: 190',
  ],
};

const REJECTED = { 'cmdb-servers-frankfurt.csv': 6, 'rvtools-vcenter-muc.xlsx': 3, 'agents-aws.ndjson': 8 };

describe('npm run demo', () => {
  let dataDir: string;
  let output: string;

  // From another directory, since it must find its samples from anywhere.
  const runDemo = (env: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, [join(ROOT, 'dist/scripts/demo.js')], {
      env: { ...process.env, LOG_LEVEL: '', DATA_DIR: dataDir, ...env },
      cwd: dataDir,
    });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'discovery wiring demo '));
    // Rejects unless the demo ends with 0.
    const demo = await runDemo({ DATABASE_URL: '' });
    expect(demo.stderr).toBe('');
    output = demo.stdout;
  });

  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  it('accounts for every row of every file', async () => {
    const rows = {
      'cmdb-servers-frankfurt.csv': await countCsvRows('cmdb-servers-frankfurt.csv'),
      'rvtools-vcenter-muc.xlsx': await countSheetRows('rvtools-vcenter-muc.xlsx', 'vInfo'),
      'agents-aws.ndjson': await countLines('agents-aws.ndjson'),
    };
    expect(Object.values(rows).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(2000);
    const table = tableAfter(output, 'inventory');
    for (const [file, count] of Object.entries(rows)) {
      const rejected = REJECTED[file as keyof typeof REJECTED];
      expect(table.find(([name]) => name === file)?.slice(1, 4)).toEqual(
        [count, count - rejected, rejected].map(String),
      );
    }
  });

  it('gives the reason for every row that is bad on purpose', () => {
    const reasons: Record<string, string[]> = {};
    let file = '';
    for (const [name, , , , reason] of tableAfter(output, 'inventory')) {
      if (name) file = name;
      if (reason) (reasons[file] ??= []).push(reason);
    }
    for (const lines of Object.values(reasons)) lines.sort();
    expect(reasons).toEqual(BAD_ROWS);
  });

  it('ends healthy, with every metric at zero and an asset linked both ways', () => {
    expect(output).toContain('Wiring health: healthy');
    const checks = tableAfter(output, 'check');
    expect(checks).toHaveLength(7);
    expect(checks.every(([, count]) => count === '0')).toBe(true);
    expect(checks.filter(([, , , verifiedBy]) => verifiedBy === 'constraint')).toHaveLength(4);
    expect(output).toMatch(/⇄ row \d+ of cmdb-servers-frankfurt\.csv {3}⇄ flow /);
  });

  it('prints plain lines where there is no terminal', () => {
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(output).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });

  it('prints three curl lines that `npm start` then serves', async () => {
    const lines = output.split('\n').filter((line) => line.startsWith('  curl '));
    expect(lines).toHaveLength(3);
    const service = await ServiceProcess.start({ DATA_DIR: dataDir });
    try {
      const answers = await Promise.all(lines.map((line) => request(line, service.origin)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      const [assets, lineage, rejects] = answers.map(({ text }) => text);
      expect(JSON.parse(assets!).pagination.total).toBe(2083);
      expect(JSON.parse(lineage!).links.raw_import_record.holds).toBe(true);
      expect(rejects!.trimEnd().split('\r\n')).toHaveLength(1 + REJECTED['cmdb-servers-frankfurt.csv']);
    } finally {
      await service.terminate();
    }
  });

  it('says in one line why it failed, and ends with 1', async () => {
    const demo = runDemo({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    await expect(demo).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^\nThe demo failed: The database nothing at 127\.0\.0\.1:1 does not listen.+\n$/,
      ),
    });
  });
});

/** The cells of the table whose first heading is given, a row for each line. */
function tableAfter(output: string, heading: string): string[][] {
  const lines = output.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`│ ${heading} `));
  const length = lines.slice(start).findIndex((line) => line.startsWith('└'));
  return lines
    .slice(start + 1, start + length)
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What curl would send, to where the service is now. */
async function request(curlLine: string, origin: string): Promise<{ status: number; text: string }> {
  const headers = Array.from(
    curlLine.matchAll(/-H '([^:]+): ([^']+)'/g),
    ([, name, value]) => [name!, value!] as [string, string],
  );
  const url = new URL(/'(http[^']+)'$/.exec(curlLine)![1]!);
  const response = await fetch(`${origin}${url.pathname}${url.search}`, { headers });
  return { status: response.status, text: await response.text() };
}

async function countCsvRows(name: string): Promise<number> {
  const records: string[][] = parse(await readFile(join(SAMPLES, name), 'latin1'), {
    delimiter: ';',
    record_delimiter: '\r\n',
    relax_column_count: true,
    relax_quotes: true,
  });
  return records.filter((cells) => cells.some((cell) => cell !== '')).length - 1;
}

async function countSheetRows(name: string, sheet: string): Promise<number> {
  const workbook = new Workbook();
  await workbook.xlsx.readFile(join(SAMPLES, name));
  return workbook.getWorksheet(sheet)!.actualRowCount - 1;
}

async function countLines(name: string): Promise<number> {
  return (await readFile(join(SAMPLES, name), 'latin1')).split('\n').filter((line) => line !== '').length;
}
