import { Client } from 'pg';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';
import { createTestDatabase, type TestDatabase } from './test-database';

describe('the proxy of the fault tests', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let direct: Client;
  const clients: Client[] = [];

  const open = async (connectionString = proxy.url, options: object = {}) => {
    const client = new Client({ connectionString, ...options });
    client.on('error', () => undefined);
    clients.push(client);
    await client.connect();
    return client;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await startTcpProxy(database.url);
    direct = await open(database.url);
    await direct.query('CREATE TABLE marks (mark text)');
  });
  afterAll(async () => {
    await proxy.close();
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    await database.drop();
  });

  const marks = async () => (await direct.query('SELECT mark FROM marks')).rows.map(({ mark }) => mark);
  const patient = { query_timeout: 300, connectionTimeoutMillis: 300 };

  it('lets through, delays, cuts and mends', async () => {
    const client = await open();
    await client.query('SELECT 1');
    proxy.delay(50);
    const asked = performance.now();
    await client.query('SELECT 1');
    expect(performance.now() - asked).toBeGreaterThan(95);
    proxy.cut();
    await expect(client.query('SELECT 1')).rejects.toThrow();
    await expect(open()).rejects.toThrow();
    proxy.mend();
    await (await open()).query('SELECT 1');
  });

  it('a black hole swallows all; what it held is delivered when it is mended', async () => {
    const client = await open();
    proxy.blackHole();
    let isAnswered = false;
    const answer = client.query(`INSERT INTO marks VALUES ('held')`).then(() => (isAnswered = true));
    await expect(open(proxy.url, patient)).rejects.toThrow(/timeout/);
    expect([isAnswered, await marks()]).toEqual([false, []]);
    proxy.mend();
    await answer;
    expect(await marks()).toEqual(['held']);
  });

  it('or its connections are dead for good, while new ones get through', async () => {
    const client = await open(proxy.url, patient);
    proxy.blackHole();
    await expect(client.query(`INSERT INTO marks VALUES ('lost')`)).rejects.toThrow(/timeout/);
    proxy.mend({ held: 'lost' });
    await (await open()).query('SELECT 1');
    await expect(client.query('SELECT 1')).rejects.toThrow();
    proxy.mend();
    expect(await marks()).toEqual(['held']);
  });

  it('loses the answer to the COMMIT that is meant, which is done', async () => {
    const lost = proxy.dropCommitAnswer(/meant/);
    const [other, client] = [await open(), await open()];
    await other.query(`BEGIN; INSERT INTO marks VALUES ('other'); COMMIT`);
    await client.query('BEGIN');
    await client.query('INSERT INTO marks SELECT $1', ['meant']);
    const commit = client.query('COMMIT');
    await expect(commit).rejects.toThrow(/terminated|ECONNRESET/);
    await lost;
    expect(await marks()).toEqual(['held', 'other', 'meant']);
    await other.query('BEGIN; COMMIT');
  });
});
