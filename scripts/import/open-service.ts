import { connect } from 'node:net';
import { once } from 'node:events';
import { loadSettings } from '../../src/config/settings';
import { startOwnService } from '../client/start-own-service';

interface OpenService {
  origin: string;
  /** Where it will be found later. */
  laterOrigin: string;
  isOwn: boolean;
  stop(): Promise<void>;
}

/** Every interface, of which the loopback one is the nearest. */
const ANY_HOST: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** The service at the URL or on HOST and PORT; where nothing listens there, one for the time of the command. */
export async function openService(env: NodeJS.ProcessEnv, url: string | undefined): Promise<OpenService> {
  if (url !== undefined) return running(url);
  const { HOST, PORT } = loadSettings(env);
  const host = ANY_HOST[HOST] ?? HOST;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`;
  if (PORT !== 0 && (await somethingListens(host, PORT))) return running(origin);
  console.log(`Nothing listens on ${origin}: the service starts here, for this import.`);
  const service = await startOwnService(env);
  return { origin: service.url, laterOrigin: origin, isOwn: true, stop: () => service.stop() };
}

function running(origin: string): OpenService {
  return { origin, laterOrigin: origin, isOwn: false, stop: () => Promise.resolve() };
}

async function somethingListens(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: 3_000 });
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return false;
    throw error;
  } finally {
    socket.destroy();
  }
}
