import { Socket } from 'node:net';
import { Client } from 'pg';
import { pollUntil } from './poll-until';

export const DATABASE = 'discovery_wiring';
/** Orders those who come and go. Any constant of our own. */
const DOOR_LOCK = 7_301_864_221_003;
/** How long a connection that was closed just now may still be listed. */
const CLOSING_MS = 300;

/**
 * One idle connection for as long as this process uses the server: while it stands, another process that leaves
 * sees that it is not the last. It ends with the process, however that ends. To `postgres`, so that our own
 * database can serve as a template.
 */
export async function enter(port: number): Promise<Client> {
  const socket = new Socket();
  const client = await connect(port, () => socket);
  await client.query('SELECT pg_advisory_lock($1)', [DOOR_LOCK]);
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  await client.query('SELECT pg_advisory_unlock($1)', [DOOR_LOCK]);
  // From here on it keeps no process alive: a script that forgets to stop the server still ends.
  socket.unref();
  return client;
}

/** Gives up the presence, and calls `turnOff` if nobody else is connected. */
export async function leave(port: number, presence: Client, turnOff: () => Promise<void>): Promise<void> {
  // A fresh connection: the presence may have been cut since.
  const client = await connect(port);
  try {
    // Two that leave at once must not each stay their hand for the other.
    await client.query('SELECT pg_advisory_lock($1)', [DOOR_LOCK]);
    await presence.end();
    if (await isEmpty(client)) await turnOff();
  } finally {
    // The server that was just turned off has closed it already.
    await client.end().catch(() => undefined);
  }
}

async function isEmpty(client: Client): Promise<boolean> {
  const empty = await pollUntil(CLOSING_MS, async () => {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    return rowCount === 0 || null;
  });
  return empty ?? false;
}

async function connect(port: number, stream?: () => Socket): Promise<Client> {
  const client = new Client({
    ...{ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', ssl: false },
    application_name: 'discovery-wiring',
    connectionTimeoutMillis: 5_000,
    stream,
  });
  // Without a listener a connection that the server cuts would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return client;
}
