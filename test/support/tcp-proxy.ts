import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { ProxiedConnection, type ProxyState } from './proxied-connection';

export interface TcpProxy {
  /** The URL with the proxy's address in the place of the server's. */
  url: string;
  /** Cuts every connection and refuses new ones, as a server does that is stopped. */
  cut(): void;
  /** From now on every piece of data takes so long, each way. */
  delay(ms: number): void;
  /** Connections stay open and new ones are taken, but nothing gets through, not even that one end hung up. */
  blackHole(): void;
  /**
   * Lets data through again, without delay. What a black hole held is delivered now, as after a short outage; or,
   * with `held: 'lost'`, the connections of that time never carry anything again, as after a long one.
   */
  mend(options?: { held?: 'delivered' | 'lost' }): void;
  /**
   * The next COMMIT of a transaction with a statement like this reaches the server and is done; its answer is
   * swallowed and the connection cut, so that the service cannot know. @returns a promise of that moment.
   */
  dropCommitAnswer(of: RegExp): Promise<void>;
  close(): Promise<void>;
}

/** Stands between the service and its database, so that a test can take the database away from the service alone. */
export async function startTcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl);
  const connections = new Set<ProxiedConnection>();
  const state: ProxyState & { isCut: boolean; isHeld: boolean } = { isCut: false, isHeld: false, delayMs: 0 };
  const server = createServer((near) => {
    if (state.isCut) {
      near.resetAndDestroy();
      return;
    }
    const connection = new ProxiedConnection(near, connect(Number(target.port), target.hostname), state);
    connections.add(connection);
    connection.onGone(() => connections.delete(connection));
    if (state.isHeld) connection.hold();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cutAll = () => {
    for (const connection of connections) connection.cut();
  };
  return {
    url: url.href,
    cut: () => {
      state.isCut = true;
      cutAll();
    },
    delay: (ms) => {
      state.delayMs = ms;
    },
    blackHole: () => {
      state.isHeld = true;
      for (const connection of connections) connection.hold();
    },
    mend: ({ held = 'delivered' } = {}) => {
      if (state.isHeld) {
        for (const connection of connections) {
          if (held === 'lost') connection.giveUp();
          else connection.release();
        }
      }
      Object.assign(state, { isCut: false, isHeld: false, delayMs: 0 });
    },
    dropCommitAnswer: (of) =>
      new Promise((lost) => {
        state.commitToLose = { of, lost };
      }),
    close: async () => {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}
