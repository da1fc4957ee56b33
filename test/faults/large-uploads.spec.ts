import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { zip } from '../../src/raw-imports/readers/xlsx/zip.spec-helper';
import { workbookParts } from '../../src/raw-imports/readers/xlsx/workbook-parts.spec-helper';
import { ApiClient, newTenant } from '../support/api-client';
import { GeneratedInventory } from '../support/generated-inventory';
import { GeneratedWorkbook } from '../support/generated-workbook';
import { serversCsv } from '../support/inventory';
import { expectFlatMemory, importLargeFile, importLargeWorkbook } from '../support/large-file';
import { openProcessBench, type ProcessBench } from '../support/process-bench';
import { expectProblem } from '../support/problem';
import { openSpoolFiles } from '../support/process-facts';
import type { ServiceProcess } from '../support/service-process';
import { openUpload, uploadStream } from '../support/upload-request';
import { waitFor } from '../support/wait-for';

const MB = 2 ** 20;
const MAX_UPLOAD_BYTES = 64 * MB;

describe('large uploads', () => {
  let bench: ProcessBench;
  let service: ServiceProcess;
  let client: ApiClient;
  beforeAll(async () => {
    bench = await openProcessBench();
    service = await bench.start({ MAX_UPLOAD_BYTES: String(MAX_UPLOAD_BYTES) });
  });
  beforeEach(() => {
    client = new ApiClient(service.origin, newTenant());
  });
  afterEach(() => {
    expectFlatMemory(service);
  });
  afterAll(() => bench.close());

  it('16: 30 MB come in row by row, in flat memory', async () => {
    await importLargeFile(bench, client, 30 * MB);
  }, 120_000);

  it('16: 20 MB of a workbook come in row by row, in flat memory', async () => {
    await importLargeWorkbook(bench, client, new GeneratedWorkbook(20 * MB, true));
  }, 120_000);

  it('17: rows of a million characters come in few by few, in flat memory', async () => {
    const row = Buffer.from(`web,${'x'.repeat(1_000_000)}\n`);
    const content = Readable.from([Buffer.from('Hostname,Note\n'), ...Array<Buffer>(60).fill(row)]);
    const { status, body } = await uploadStream(client, 'long-rows.csv', content);
    expect([status, body]).toMatchObject([201, { total_records: 60, rejected_records: 0 }]);
  });

  it.each([
    ['quotes', 'a.csv', 'Hostname,Note\n', '"', /quoted cell that opens in line 2 is longer/],
    ['commas', 'a.csv', 'Hostname,Note\n', ',', /record in line 2 is longer/],
    ['one record', 'a.json', '[{"a":1},\n{"a":"', 'x', /record that begins in line 2 is longer/],
    ['one record', 'a.ndjson', '{"a":1}\n{"a":"', 'x', /Line 2 is longer/],
  ])(
    '17: 60 MB of %s in %s are refused with their line, in flat memory',
    async (_, name, begin, char, message) => {
      const content = Readable.from([Buffer.from(begin), ...Array<Buffer>(60).fill(Buffer.alloc(MB, char))]);
      const answer = await uploadStream(client, name, content);
      expectProblem(answer, 422);
      expect(answer.body.detail).toMatch(message);
    },
  );

  it('16: a client that dribbles holds no transaction, and nobody else up', async () => {
    const csv = serversCsv(200);
    const upload = openUpload(client, 'slow.csv', csv.length);
    const status = new Promise((resolve) =>
      upload.on('response', (answer) => {
        resolve(answer.resume().statusCode);
      }),
    );
    for (let at = 0; at < csv.length; at += 50) {
      await new Promise((sent) => upload.write(csv.slice(at, at + 50), sent));
      if (at % 1000 === 0) expect((await client.get('/data-imports')).body.data).toEqual([]);
    }
    // The service has short transactions of its own at any moment; one that the upload held would stay.
    await waitFor('a moment without a transaction', async () => {
      const { rowCount } = await bench.sql.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND xact_start IS NOT NULL`,
      );
      return rowCount === 0;
    });
    upload.end();
    expect(await status).toBe(201);
  });

  it('16: a client that leaves in the middle leaves nothing, and its next try works', async () => {
    const upload = openUpload(client, 'gone.csv', 20 * MB);
    const content = new GeneratedInventory(10 * MB).content();
    for await (const piece of content) {
      if (!upload.write(piece)) await new Promise((drained) => upload.once('drain', drained));
    }
    await waitFor('the service to take it', () => upload.socket?.writableLength === 0);
    expect(openSpoolFiles(service) ?? 1).toBe(1);
    upload.destroy();
    await waitFor('the service to notice', () => (openSpoolFiles(service) ?? 0) === 0);
    expect(await bench.spooled()).toEqual([]);
    expect((await client.get('/data-imports')).body.data).toEqual([]);
    expect((await client.get('/raw-import-records')).body.pagination.total).toBe(0);
    await importLargeFile(bench, client, MB);
  });

  it('16: more than MAX_UPLOAD_BYTES is 413, and leaves nothing', async () => {
    const content = new GeneratedInventory(MAX_UPLOAD_BYTES + MB).content();
    expectProblem(await uploadStream(client, 'large.csv', content), 413);
    expect((await client.get('/data-imports')).body.data).toEqual([]);
    await waitFor('its spool file to be closed', () => (openSpoolFiles(service) ?? 0) === 0);
  });

  it('17: a cell of 50 MB is refused with its line', async () => {
    const csv = `Hostname,Note\nweb-01,fine\nweb-02,"${'x'.repeat(50 * MB)}"\n`;
    const answer = await client.upload('cell.csv', csv);
    expectProblem(answer, 422);
    expect(answer.body.detail).toMatch(/line 3 is longer/);
    expect((await client.get('/raw-import-records')).body.pagination.total).toBe(0);
  });

  it('23: a gzip bomb is 413 while it inflates', async () => {
    // 1 GiB, in members that each look harmless.
    const bomb = Buffer.concat(Array<Buffer>(16).fill(gzipSync(Buffer.alloc(64 * MB))));
    expectProblem(await client.upload('bomb.csv.gz', Uint8Array.from(bomb)), 413);
  });

  it.each([
    ['says how much it inflates to', 413, (bytes: Buffer) => bytes],
    ['says less than it inflates to', 422, understated],
  ])('23: a zip bomb in a workbook that %s is %d', async (_, status, make) => {
    const sheet = workbookParts([{ name: 'a', data: '<x:row><x:c><x:v>1</x:v></x:c></x:row>' }]);
    const parts = {
      ...sheet,
      'xl/worksheets/sheet0.xml': `<worksheet>${' '.repeat(BOMB_BYTES)}</worksheet>`,
    };
    expectProblem(await client.upload('bomb.xlsx', Uint8Array.from(make(zip(parts)))), status);
  });
});

const BOMB_BYTES = 256 * MB;

/** Makes each part that is as large as the bomb say that it has 1,000 bytes. */
function understated(archive: Buffer): Buffer {
  const bytes = Buffer.from(archive);
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (bytes.readUInt32LE(at) === BOMB_BYTES + '<worksheet></worksheet>'.length)
      bytes.writeUInt32LE(1000, at);
  }
  return bytes;
}
