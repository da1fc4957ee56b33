import { connect } from 'node:net';
import { once } from 'node:events';
import { pino } from 'pino';
import { loadSettings } from '../../src/config/settings';
import { createApp, listen } from '../../src/create-app';
import { ApiClient, newTenant } from '../support/api-client';
import { createTestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

interface Line {
  level: number;
  msg: string;
  req?: { id: string };
  client_account_id?: string;
}

describe('the log of requests', () => {
  const lines: Line[] = [];
  let client: ApiClient;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const database = await createTestDatabase();
    const settings = loadSettings({ NODE_ENV: 'test', DATABASE_URL: database.url, PORT: '0' });
    const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line) as Line) });
    const app = await createApp(settings, database.url, logger);
    await listen(app, settings);
    client = new ApiClient(await app.getUrl(), newTenant());
    stop = async () => {
      await app.close();
      await database.drop();
    };
  });
  afterAll(() => stop());

  const lineOf = (id: string) => waitFor('its line', () => lines.find(({ req }) => req?.id === id));

  it('has a line for each, with its id and its tenant', async () => {
    for (const [id, path] of [
      ['one', '/data-imports'],
      ['two', '/data-imports/17'],
      ['three', '/nope'],
    ] as const) {
      await client.get(path, { 'x-request-id': id });
      expect(await lineOf(id)).toMatchObject({
        msg: 'request completed',
        req: { id },
        client_account_id: client.tenant.client_account_id,
      });
    }
  });

  it('does not take a client that hangs up for a database that is away', async () => {
    const { hostname, port } = new URL(client.origin);
    const socket = connect(Number(port), hostname);
    socket
      .resume()
      .end(
        `POST /api/v1/discovery-flows HTTP/1.1\r\nHost: x\r\nX-Request-Id: cut\r\nContent-Type: application/json\r\n` +
          `Content-Length: 100\r\n\r\n{"flow_name"`,
      );
    await once(socket, 'close');
    await lineOf('cut');
    expect(lines.filter(({ level }) => level > 30)).toEqual([]);
  });
});
