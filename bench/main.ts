import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runMigrations } from '../src/database/run-migrations';
import type { BenchOptions } from './bench-options';
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

/** With the rows that each is published for. */
const BENCHES: Record<string, { bench: Bench; rows: number }> = {
  ingest: { bench: benchIngest, rows: 1_000_000 },
  health: { bench: benchHealth, rows: 1_000_000 },
  list: { bench: benchList, rows: 1_000_000 },
  persist: { bench: benchPersist, rows: 100_000 },
  http: { bench: benchHttp, rows: 1_000_000 },
  growth: { bench: benchGrowth, rows: 1_000_000 },
  rls: { bench: benchRls, rows: 1_000_000 },
};

const USAGE = `Usage: npm run bench -- [${Object.keys(BENCHES).join('|')}] … [options]

  --rows N      instead of each bench's own size
  --rounds N    how often each contender is measured (5)
  --json FILE   writes what was measured to a file as well
`;

/** Each bench on an empty database of its own, with what it is compared with, in the same run. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'string' },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const comparisons: Comparison[] = [];
  for (const name of names) {
    const known = BENCHES[name];
    if (!known) throw new Error(`there is no bench ${name}\n${USAGE}`);
    const options = { rows: Number(values.rows ?? known.rows), rounds: Number(values.rounds) };
    const measured = await withServer(async (server) => {
      await runMigrations(server.url, () => undefined);
      return known.bench(server, options);
    });
    for (const comparison of measured) console.log(asTable(comparison));
    comparisons.push(...measured);
  }
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(comparisons, null, 2));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
