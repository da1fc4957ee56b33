import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Answer, ApiClient } from '../support/api-client';
import { expectProblem } from '../support/problem';
import { sendRaw } from '../support/raw-http';
import { startTestService, type TestService } from '../support/test-service';
import { waitFor } from '../support/wait-for';

const LIMIT = 100_000;
const CSV = 'Hostname,Rack\nweb-01,R1\n';

describe('refused uploads', () => {
  let service: TestService;
  let client: ApiClient;
  beforeAll(async () => {
    service = await startTestService({ MAX_UPLOAD_BYTES: String(LIMIT) });
  });
  beforeEach(() => {
    client = service.newClient();
  });
  afterAll(() => service.stop());

  const raw = (query: string, body: string | Uint8Array<ArrayBuffer>, type = 'text/csv') =>
    client.send('POST', `/data-imports${query}`, body, { 'content-type': type });
  const total = async (list = '/data-imports') => (await client.get(list)).body.pagination.total as number;
  const form = (head: string, end = '\r\n--XX--\r\n') =>
    client.send('POST', '/data-imports', `--XX\r\n${head}\r\n\r\n${CSV}${end}`, {
      'content-type': 'multipart/form-data; boundary=XX',
    });

  describe('over MAX_UPLOAD_BYTES', () => {
    const csvOf = (bytes: number) => `Hostname\n${'x'.repeat(99)}\n`.padEnd(bytes, `${'y'.repeat(99)}\n`);
    const chunked = (body: string) =>
      fetch(`${service.origin}/api/v1/data-imports?filename=a.csv`, {
        method: 'POST',
        body: Readable.toWeb(Readable.from([body.slice(0, 1000), body.slice(1000)])) as RequestInit['body'],
        duplex: 'half',
        headers: {
          'content-type': 'text/csv',
          'x-client-account-id': client.tenant.client_account_id,
          'x-engagement-id': client.tenant.engagement_id,
        },
      }).then(async (answer): Promise<Answer> => {
        const text = await answer.text();
        return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) };
      });

    it.each([
      ['a form', () => client.upload('a.csv', csvOf(LIMIT + 1))],
      ['a body with Content-Length', () => raw('?filename=a.csv', csvOf(LIMIT + 1))],
      ['a body in chunks', () => chunked(csvOf(LIMIT + 1))],
      ['a much larger form', () => client.upload('a.csv', csvOf(40 * LIMIT))],
      ['a much larger body', () => raw('?filename=a.csv', csvOf(40 * LIMIT))],
      [
        'gzip that inflates beyond it',
        () => raw('?filename=a.csv.gz', gzipSync(csvOf(LIMIT + 1)), 'application/gzip'),
      ],
    ])('%s is 413 and leaves nothing', async (_what, send) => {
      expectProblem(await send(), 413);
      expect(await total()).toBe(0);
      expect(await total('/raw-import-records')).toBe(0);
    });

    it('takes exactly the limit, in each form', async () => {
      for (const answer of [
        await client.upload('a.csv', csvOf(LIMIT), '?force=true'),
        await raw('?filename=a.csv&force=true', csvOf(LIMIT)),
        await chunked(csvOf(LIMIT)),
      ]) {
        expect(answer.body).toMatchObject({ size_bytes: LIMIT });
      }
    });
  });

  it.each([
    ['a PDF', 'a.pdf', '%PDF-1.7 …', 415],
    ['a web page', 'a.html', '<!doctype html><html></html>', 415],
    ['an XML document', 'a.csv', '<?xml version="1.0"?><a/>', 415],
    ['a PNG named .csv', 'a.csv', '\u0089PNG\r\n', 415],
    ['nothing', 'a.csv', '', 422],
    ['half a JSON document', 'a.json', '[{"a":1},', 422],
    ['a zip that is no workbook', 'a.xlsx', 'PK\u0003\u0004 broken', 422],
    ['an unclosed quote', 'a.csv', 'Hostname,Note\nweb-01,"never closed\nweb-02,x\n', 422],
    ['JSON nested 50,000 levels', 'a.json', '['.repeat(50_000), 422],
  ])('%s is refused as such', async (_what, name, text, status) => {
    const bytes = Uint8Array.from(
      Buffer.from(text, name === 'a.csv' && text.startsWith('\u0089') ? 'latin1' : 'utf8'),
    );
    expectProblem(await client.upload(name, bytes), status);
    expectProblem(await raw(`?filename=${name}`, bytes), status);
    expect(await total('/raw-import-records')).toBe(0);
  });

  it('damaged gzip is 422', async () => {
    const bytes = Uint8Array.from(gzipSync(CSV).subarray(0, 20));
    expectProblem(await raw('?filename=a.csv.gz', bytes, 'application/gzip'), 422);
  });

  describe('forms', () => {
    const withParts = (...parts: [string, string | Blob, string?][]) => {
      const data = new FormData();
      for (const [name, value, filename] of parts) {
        if (typeof value === 'string') data.append(name, value);
        else data.append(name, value, filename);
      }
      return client.send('POST', '/data-imports', data);
    };
    const file = new Blob([CSV]);

    it.each([
      ['no part at all', () => withParts(), 'file'],
      ['two files', () => withParts(['file', file, 'a.csv'], ['file', file, 'b.csv']), 'file'],
      [
        'a field of another name before the file',
        () => withParts(['note', 'x'], ['file', file, 'a.csv']),
        'note',
      ],
      [
        'a field of another name after the file',
        () => withParts(['file', file, 'a.csv'], ['note', 'x']),
        'note',
      ],
      ['a file of another name', () => withParts(['upload', file, 'a.csv']), 'upload'],
      ['text in the place of the file', () => withParts(['file', CSV]), 'file'],
      [
        'an empty filename',
        () => form('Content-Disposition: form-data; name="file"; filename=""'),
        'filename',
      ],
      [
        'a blank filename',
        () => form('Content-Disposition: form-data; name="file"; filename="  "'),
        'filename',
      ],
      [
        'no filename',
        () => form('Content-Disposition: form-data; name="file"\r\nContent-Type: application/octet-stream'),
        'filename',
      ],
      [
        'a filename with NUL',
        () => form('Content-Disposition: form-data; name="file"; filename="a\0b.csv"'),
        'filename',
      ],
      ['a filename of 300 characters', () => withParts(['file', file, `${'a'.repeat(296)}.csv`]), 'filename'],
      [
        'a form that ends too early',
        () => form('Content-Disposition: form-data; name="file"; filename="a.csv"', ''),
        'file',
      ],
      [
        'a form without boundary',
        () => client.send('POST', '/data-imports', 'x', { 'content-type': 'multipart/form-data' }),
        'file',
      ],
    ])('with %s are 400 by name and leave nothing', async (_what, send, field) => {
      expectProblem(await send(), 400, [field]);
      expect(await total()).toBe(0);
    });

    it('keep a name that is not ASCII, and of a path its last part', async () => {
      expect((await withParts(['file', file, 'Größe ✓.csv'])).body.filename).toBe('Größe ✓.csv');
      const path = form('Content-Disposition: form-data; name="file"; filename="../../etc/passwd.csv"');
      expect((await path).body.filename).not.toContain('/');
    });
  });

  it.each([
    ['', 'filename'],
    ['?filename=', 'filename'],
    ['?filename=%20', 'filename'],
    ['?filename=a%00b.csv', 'filename'],
    [`?filename=${'a'.repeat(300)}`, 'filename'],
    ['?filename=a.csv&filename=b.csv', 'filename'],
    ['?filename=a.csv&force=yes', 'force'],
    ['?filename=a.csv&force=true&force=true', 'force'],
    ['?filename=a.csv&name=b', 'name'],
  ])('a raw body with %s is 400 by name and leaves nothing', async (query, field) => {
    expectProblem(await raw(query, CSV), 400, [field]);
    expect(await total()).toBe(0);
  });

  it.each([
    ['a raw body', 'text/csv', '?filename=gone.csv', ''],
    [
      'a form',
      'multipart/form-data; boundary=XX',
      '',
      '--XX\r\nContent-Disposition: form-data; name="file"; filename="gone.csv"\r\n\r\n',
    ],
  ])(
    'a client that leaves in the middle of %s leaves no import that looks whole',
    async (_what, type, query, head) => {
      const { hostname, port } = new URL(service.origin);
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      socket.write(
        `POST /api/v1/data-imports${query} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 90000\r\n` +
          `X-Client-Account-Id: ${client.tenant.client_account_id}\r\nX-Engagement-Id: ${client.tenant.engagement_id}\r\n` +
          `X-Request-Id: leaver\r\n\r\n${head}${CSV.repeat(100)}`,
      );
      const sockets = () =>
        new Promise<number>((resolve, reject) => {
          service.app.getHttpServer().getConnections((error: Error | null, count: number) => {
            if (error) reject(error);
            else resolve(count);
          });
        });
      await waitFor('the service to have read it all', () => socket.writableLength === 0);
      const before = await sockets();
      socket.resetAndDestroy();
      await waitFor('the service to notice', async () => (await sockets()) < before);
      expect(await total('/raw-import-records')).toBe(0);
      expect((await client.get('/data-imports')).body.data).toEqual([]);
      expect((await client.upload('next.csv', CSV)).status).toBe(201);
    },
  );

  it('refuses an upload without tenant before it reads it', async () => {
    const answer = await sendRaw(
      service.origin,
      `POST /api/v1/data-imports?filename=a.csv HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n` +
        `Connection: close\r\nContent-Length: ${CSV.length}\r\n\r\n${CSV}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('X-Client-Account-Id');
  });
});
