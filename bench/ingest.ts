import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Tenant } from '../src/tenancy/tenant';
import { ApiClient, newTenant } from '../test/support/api-client';
import { serversCsv } from '../test/support/inventory';
import { peakMemory } from '../test/support/process-facts';
import { ServiceProcess } from '../test/support/service-process';
import type { BenchOptions } from './bench-options';
import { compare, type Comparison, measure } from './measure';
import type { BenchServer } from './with-server';

const COLUMNS =
  'client_account_id, engagement_id, id, data_import_id, row_number, raw_data, is_valid, is_processed, fate, created_at, updated_at';
const TYPE = { 'content-type': 'application/octet-stream' };

/** The format that everybody's COPY has, pg_dump's too, and the one that the service writes. */
const FORMATS = ['text', 'binary'] as const;
type Format = (typeof FORMATS)[number];

/** Rows as the service has copied them, in a file of each format. */
interface Prepared {
  tenant: Tenant;
  data_import_id: string;
  files: Record<Format, string>;
}

/**
 * A CSV file uploaded, from its first byte to the answer: spooled, recognised, read, checked, copied and its mappings
 * suggested. Beside it a COPY of the same rows, prepared in a file, into the same table with its keys and indexes; beside two
 * files at once two of them at once, which keep two cores busy alone, and two in turn. The table is empty before each. A process that does nothing shows for how long the machine lets an event loop wait that nobody blocks.
 */
export async function benchIngest(
  server: BenchServer,
  { rows, rounds }: BenchOptions,
): Promise<Comparison[]> {
  const { sql, url, dataDir } = server;
  const watch = join(dataDir, 'watch-event-loop.cjs');
  await writeFile(watch, WATCH_EVENT_LOOP);
  const longest = (name: string) => join(dataDir, `longest-block-of-${name}`);
  const watched = (name: string) => ({ NODE_OPTIONS: `--require ${watch}`, LONGEST_BLOCK: longest(name) });
  const idle = spawn(process.execPath, ['-e', IDLE], {
    env: { ...process.env, ...watched('idle') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(idle.stdout, 'data');
  const service = await ServiceProcess.start({ DATABASE_URL: url, DATA_DIR: dataDir, ...watched('service') });
  try {
    const half = Math.floor(rows / 2);
    const whole = Buffer.from(serversCsv(rows));
    const halves = ['web', 'db'].map((prefix) => gzipSync(serversCsv(half, { prefix })));
    const upload = async (content: Buffer<ArrayBuffer>, filename: string) => {
      const client = new ApiClient(service.origin, newTenant());
      const { status, body } = await client.send('POST', `/data-imports?filename=${filename}`, content, TYPE);
      if (status !== 201) throw new Error(`the upload was answered with ${status}`);
      return { tenant: client.tenant, data_import_id: String(body.id) };
    };
    const prepare = async (name: string, content: Buffer<ArrayBuffer>): Promise<Prepared> => {
      const imported = await upload(content, name);
      const files = { text: join(dataDir, `${name}.text`), binary: join(dataDir, `${name}.binary`) };
      for (const format of FORMATS) {
        const rows = sql.query(
          copyTo(
            `COPY (SELECT ${COLUMNS} FROM migration.raw_import_records
                    WHERE data_import_id = '${imported.data_import_id}' ORDER BY row_number)
               TO STDOUT WITH (FORMAT ${format})`,
          ),
        );
        await pipeline(rows, createWriteStream(files[format]));
      }
      return { ...imported, files };
    };
    const preparedWhole = [await prepare('servers.csv', whole)];
    const preparedHalves: Prepared[] = [];
    for (const [i, content] of halves.entries()) {
      preparedHalves.push(await prepare(`half-${i}.csv.gz`, content));
    }
    const empty = async (prepared: Prepared[] = []) => {
      await sql.query('TRUNCATE migration.data_imports CASCADE; CHECKPOINT');
      for (const each of prepared) await insertImport(sql, each);
    };
    for (const child of [service.child, idle]) child.kill('SIGUSR2');
    const one = await measure(
      [
        {
          name: 'prepared COPY',
          prepare: () => empty(preparedWhole),
          work: () => copyAll(url, preparedWhole, 'text'),
          size: rows,
        },
        {
          name: 'prepared COPY, binary',
          prepare: () => empty(preparedWhole),
          work: () => copyAll(url, preparedWhole, 'binary'),
          size: rows,
        },
        { name: 'ours', prepare: () => empty(), work: () => upload(whole, 'servers.csv'), size: rows },
      ],
      rounds,
    );
    const two = await measure(
      [
        {
          name: 'two prepared COPYs at once',
          prepare: () => empty(preparedHalves),
          work: () => copyAll(url, preparedHalves, 'text'),
          size: 2 * half,
        },
        {
          name: 'the same, binary',
          prepare: () => empty(preparedHalves),
          work: () => copyAll(url, preparedHalves, 'binary'),
          size: 2 * half,
        },
        {
          name: 'ours, two gzip files at once',
          prepare: () => empty(),
          work: () => Promise.all(halves.map((content, i) => upload(content, `half-${i}.csv.gz`))),
          size: 2 * half,
        },
        {
          name: 'the same COPYs, one after the other',
          prepare: () => empty(preparedHalves),
          work: async () => {
            for (const each of preparedHalves) await copyAll(url, [each], 'text');
          },
          size: 2 * half,
        },
      ],
      rounds,
    );
    const memory = peakMemory(service);
    const ended = once(idle, 'exit');
    idle.kill();
    await Promise.all([service.terminate(), ended]);
    const block = async (name: string) => Math.round(Number(await readFile(longest(name), 'utf8')));
    const notes = [
      `peak RSS of the service ${memory === null ? 'unknown here' : `${Math.round(memory)} MiB`}, its event loop blocked for ` +
        `${await block('service')} ms at most, and that of a process that does nothing for ${await block('idle')} ms`,
    ];
    const unit = 'ms per row';
    return [
      compare(`a CSV file of ${rows} rows`, one, { baseline: 'prepared COPY', unit }),
      {
        ...compare(`two of ${half} rows, gzip'd`, two, { baseline: 'two prepared COPYs at once', unit }),
        notes,
      },
    ];
  } finally {
    idle.kill();
    await service.terminate();
  }
}

/** Loaded into a process: counts from SIGUSR2 on, and writes the longest block at the end, in milliseconds. */
const WATCH_EVENT_LOOP = `
  const delay = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 5 });
  process.once('SIGUSR2', () => { delay.enable(); delay.reset(); });
  process.once('exit', () => require('node:fs').writeFileSync(process.env.LONGEST_BLOCK, String(delay.max / 1e6)));`;

const IDLE = `process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 60_000); console.log('ready');`;

async function insertImport(sql: Client, { tenant, data_import_id }: Prepared): Promise<void> {
  await sql.query(
    `INSERT INTO migration.data_imports (client_account_id, engagement_id, id, filename) VALUES ($1, $2, $3, 'servers.csv')`,
    [tenant.client_account_id, tenant.engagement_id, data_import_id],
  );
}

/** Each over a connection of its own, in one transaction. */
async function copyAll(url: string, prepared: Prepared[], format: Format): Promise<void> {
  await Promise.all(
    prepared.map(async ({ files }) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        const copy = client.query(
          copyFrom(`COPY migration.raw_import_records (${COLUMNS}) FROM STDIN WITH (FORMAT ${format})`),
        );
        await pipeline(createReadStream(files[format], { highWaterMark: 1 << 20 }), copy);
      } finally {
        await client.end();
      }
    }),
  );
}
