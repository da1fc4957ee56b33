import { createReadStream } from 'node:fs';
import { chmod, mkdtemp, open, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { startEmbeddedServer } from '../src/database/embedded-server';
import { newTenant } from '../test/support/api-client';
import { GeneratedInventory } from '../test/support/generated-inventory';
import { GeneratedWorkbook } from '../test/support/generated-workbook';
import { peakMemory } from '../test/support/process-facts';
import { ServiceProcess } from '../test/support/service-process';

/**
 * Large files, each imported by a service of its own: how fast, beside a bare COPY of the same rows into a table of
 * texts, and the most memory that the service's process ever held (Linux).
 *
 *   npm run bench:files -- --csv 1024 --xlsx 100
 */
const MB = 2 ** 20;

interface Imported {
  rows: number;
  bytes: number;
  seconds: number;
  memory: number | null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { csv: { type: 'string', default: '1024' }, xlsx: { type: 'string', default: '100' } },
  });
  const dataDir = await mkdtemp(join(tmpdir(), 'discovery-wiring-bench-'));
  // For root the server runs as another user, who must get in.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedServer({ dataDir });
  const sql = new Client({ connectionString: server.url });
  await sql.connect();
  const table = new Table({
    head: ['file', 'MB', 'rows', 'seconds', 'rows/s', 'MB/s', 'bare COPY s', 'times COPY', 'peak RSS MiB'],
  });
  const report = async (
    name: string,
    { rows, bytes, seconds, memory }: Imported,
    bare: () => AsyncIterable<Buffer>,
  ) => {
    const copy = await bareCopy(sql, bare());
    table.push([
      name,
      Math.round(bytes / MB),
      rows,
      seconds.toFixed(1),
      Math.round(rows / seconds),
      (bytes / MB / seconds).toFixed(1),
      copy.toFixed(1),
      (seconds / copy).toFixed(1),
      memory === null ? '?' : Math.round(memory),
    ]);
    // What it holds is not wanted any more, and the disk is not endless.
    await sql.query('TRUNCATE migration.data_imports CASCADE');
  };
  const serviceEnv = { DATABASE_URL: server.url, DATA_DIR: dataDir, MIGRATE_ON_START: 'true' };
  try {
    if (Number(values.csv) > 0) {
      const csv = new GeneratedInventory(Number(values.csv) * MB);
      const imported = await importFile(serviceEnv, 'large.csv', csv.content());
      await report('CSV', imported, () => new GeneratedInventory(Number(values.csv) * MB).content());
    }
    for (const shared of Number(values.xlsx) > 0 ? [true, false] : []) {
      const workbook = new GeneratedWorkbook(Number(values.xlsx) * MB, shared);
      const path = join(dataDir, 'large.xlsx');
      const file = await open(path, 'w');
      await workbook.write(file);
      await file.close();
      const imported = await importFile(serviceEnv, 'large.xlsx', createReadStream(path));
      await report(`XLSX, ${shared ? 'shared' : 'inline'} texts`, imported, () => asCsv(workbook.cells()));
    }
    console.log(table.toString());
  } finally {
    await sql.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function importFile(
  env: NodeJS.ProcessEnv,
  filename: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Imported> {
  const service = await ServiceProcess.start(env);
  try {
    let bytes = 0;
    const counter = new Transform({
      transform: (chunk: Buffer, _, done) => {
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    const start = performance.now();
    const { status, body } = await upload(
      service.origin,
      filename,
      Readable.from(content, { objectMode: false }).pipe(counter),
    );
    const seconds = (performance.now() - start) / 1000;
    if (status !== 201) throw new Error(`${filename}: ${status} ${JSON.stringify(body)}`);
    return { rows: Number(body.total_records), bytes, seconds, memory: peakMemory(service) };
  } finally {
    await service.terminate();
  }
}

/** Not by fetch, which waits five minutes for an answer. */
async function upload(
  origin: string,
  filename: string,
  content: Readable,
): Promise<{ status: number | undefined; body: Record<string, unknown> }> {
  const tenant = newTenant();
  const call = request(`${origin}/api/v1/data-imports?filename=${filename}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/octet-stream',
      'x-client-account-id': tenant.client_account_id,
      'x-engagement-id': tenant.engagement_id,
    },
  });
  const answer = new Promise<{ status: number | undefined; body: Record<string, unknown> }>(
    (resolve, reject) => {
      call.on('error', reject);
      call.on('response', (response) => {
        response
          .toArray()
          .then((chunks) => {
            const body = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Record<string, unknown>;
            resolve({ status: response.statusCode, body });
          })
          .catch(reject);
      });
    },
  );
  await pipeline(content, call);
  return answer;
}

/** @returns the seconds that PostgreSQL takes for the rows when nobody reads, checks or links them. */
async function bareCopy(sql: Client, csv: AsyncIterable<Buffer>): Promise<number> {
  await sql.query('CREATE TABLE bare (a text, b text, c text, d text, e text, f text, g text)');
  const start = performance.now();
  await pipeline(
    Readable.from(csv, { objectMode: false }),
    sql.query(copyFrom('COPY bare FROM STDIN (FORMAT csv, HEADER)')),
  );
  const seconds = (performance.now() - start) / 1000;
  await sql.query('DROP TABLE bare');
  return seconds;
}

async function* asCsv(rows: Iterable<string[]>): AsyncGenerator<Buffer> {
  let text = '';
  for (const cells of rows) {
    text += `${cells.join(',')}\n`;
    if (text.length < 64 * 1024) continue;
    yield Buffer.from(text);
    text = '';
    // Nothing here waits, and the connection has to get its turn.
    await new Promise(setImmediate);
  }
  yield Buffer.from(text);
}

void main();
