import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { runMigrations } from '../src/database/run-migrations';
import type { BenchOptions } from './bench-options';
import { drawGrowth } from './draw-growth';
import { benchGrowth } from './growth';
import { benchHealth } from './health';
import { benchHttp } from './http';
import { benchIngest } from './ingest';
import { benchList } from './list';
import { asTable, type Comparison } from './measure';
import { benchPersist } from './persist';
import { benchRls } from './rls';
import { type BenchServer, withServer } from './with-server';

type Bench = (server: BenchServer, options: BenchOptions) => Promise<Comparison[]>;

/** With the rows that each is published for, and those with which all of them take less than a quarter of an hour. */
const BENCHES: Record<string, { bench: Bench; rows: number; fewer: number }> = {
  ingest: { bench: benchIngest, rows: 1_000_000, fewer: 200_000 },
  persist: { bench: benchPersist, rows: 100_000, fewer: 25_000 },
  health: { bench: benchHealth, rows: 1_000_000, fewer: 300_000 },
  list: { bench: benchList, rows: 1_000_000, fewer: 300_000 },
  http: { bench: benchHttp, rows: 1_000_000, fewer: 100_000 },
  growth: { bench: benchGrowth, rows: 1_000_000, fewer: 100_000 },
  rls: { bench: benchRls, rows: 1_000_000, fewer: 100_000 },
};

const USAGE = `Usage: npm run bench -- [${Object.keys(BENCHES).join('|')}] … [options]

  --rows N      instead of each bench's own size, which is smaller where all of them are run
  --rounds N    how often each contender is measured (5)
  --json FILE   writes what was measured to a file as well
  --svg FILE    draws what rows, pages and health cost in tenants of growing size (with growth)

On an embedded PostgreSQL, or on the server that DATABASE_URL names, in databases of its own.
`;

/** Each bench on an empty database, beside what it is compared with, in the same run. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'string' },
      svg: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const all = positionals.length === 0;
  const measured: { bench: string; rows: number; rounds: number; comparisons: Comparison[] }[] = [];
  let postgres = '';
  for (const name of all ? Object.keys(BENCHES) : positionals) {
    const known = BENCHES[name];
    if (!known) throw new Error(`there is no bench ${name}\n\n${USAGE}`);
    const rows = wholeNumber('rows', values.rows ?? String(all ? known.fewer : known.rows));
    const rounds = wholeNumber('rounds', values.rounds);
    const comparisons = await withServer(async (server) => {
      await runMigrations(server.url, () => undefined);
      const version = await server.sql.query<{ server_version: string }>('SHOW server_version');
      postgres = version.rows[0]?.server_version ?? '';
      return known.bench(server, { rows, rounds });
    });
    for (const comparison of comparisons) console.log(asTable(comparison));
    measured.push({ bench: name, rows, rounds, comparisons });
  }
  if (values.json !== undefined) {
    const report = { command: process.argv.slice(2), ...environment(), postgres, measured };
    await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  const growth = measured.find(({ bench }) => bench === 'growth');
  if (values.svg !== undefined && growth) await writeFile(values.svg, drawGrowth(growth.comparisons));
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new Error(`--${name}: must be a whole number above 0, and is ${text}`);
  return Number(text);
}

function environment() {
  return {
    at: new Date().toISOString(),
    commit: commit(),
    node: process.version,
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
  };
}

/** Null where it was not cloned. */
function commit(): string | null {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
