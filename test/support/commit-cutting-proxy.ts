import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * Where a COMMIT gets lost: `answer`, the server commits and nobody hears of it; `request`, the server never gets it;
 * `late`, the client is cut off and the server gets it when the test says so.
 */
type LostCommit = 'answer' | 'request' | 'late';

export interface CommitCuttingProxy {
  /** The URL with the proxy's address in the place of the server's. */
  url: string;
  /** Loses the COMMIT of the next transaction that sends this text, or of each one until mended. */
  loseCommitAfter(text: string, lost: LostCommit, options?: { always: boolean }): void;
  /** Whether it is lost by now. */
  hasLost(): boolean;
  /** Gives the server the COMMIT that is late. */
  deliver(): void;
  mend(): void;
  close(): Promise<void>;
}

const COMMIT = 'COMMIT\0';
/** What may be divided between two packets. */
const TAIL = 200;

/** Stands between the service and its database and cuts a connection at its COMMIT, where the outcome is unknown. */
export async function startCommitCuttingProxy(databaseUrl: string): Promise<CommitCuttingProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let armed: { text: string; lost: LostCommit; always: boolean } | null = null;
  let hasLost = false;
  let deliver = () => undefined as unknown;

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    let tail = '';
    let isMarked = false;
    let isAnswerLost = false;
    let isLate = false;

    near.on('data', (bytes) => {
      const text = tail + bytes.toString('latin1');
      const isCommit = text.includes(COMMIT);
      tail = isCommit ? '' : text.slice(-TAIL);
      isMarked ||= armed !== null && text.includes(armed.text);
      const isMeant = isCommit && isMarked;
      if (isCommit) isMarked = false;
      if (!armed || !isMeant) {
        far.write(bytes);
        return;
      }
      const { lost, always } = armed;
      if (!always) armed = null;
      if (lost === 'answer') {
        isAnswerLost = true;
        far.write(bytes);
        return;
      }
      isLate = lost === 'late';
      deliver = () => far.write(bytes);
      hasLost = true;
      near.resetAndDestroy();
    });
    far.on('data', (bytes) => {
      if (isAnswerLost) {
        hasLost = true;
        near.resetAndDestroy();
      } else if (!near.destroyed) near.write(bytes);
    });
    near.on('close', () => {
      if (!isLate) far.destroy();
    });
    far.on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    loseCommitAfter: (text, lost, { always } = { always: false }) => {
      armed = { text, lost, always };
      hasLost = false;
    },
    hasLost: () => hasLost,
    deliver: () => deliver(),
    mend: () => {
      armed = null;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
