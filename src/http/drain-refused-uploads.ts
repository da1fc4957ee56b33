import type { FastifyInstance } from 'fastify';

/** How long the rest of a refused upload is read and thrown away. A client that goes on for longer is cut off. */
const DRAIN_MS = 10_000;
const TOO_LARGE = 413;
const READING = new Set(['GET', 'HEAD']);

/**
 * An upload that is refused before its end leaves a client that still sends and a connection that nobody reads, which
 * would stay until the request times out and hold up a shutdown. Cutting it at once would cost the client its answer,
 * so the rest is read for a while first. Fastify would have a body over the limit cut at once.
 */
export function drainRefusedUploads(fastify: FastifyInstance): void {
  // A body that comes with a GET is read by nobody. Left in the socket, it would have the end of the answer thrown away with
  // it when the connection is closed, so it is thrown away before. An answer that streams ends later anyway.
  fastify.addHook('onSend', ({ method, raw }, _reply, payload, done) => {
    if (!READING.has(method) || raw.complete || raw.destroyed) {
      done();
      return;
    }
    raw.resume();
    if (typeof payload !== 'string') {
      done();
      return;
    }
    const goOn = () => {
      clearTimeout(limit);
      raw.off('end', goOn).off('close', goOn);
      done();
    };
    const limit = setTimeout(goOn, DRAIN_MS).unref();
    raw.once('end', goOn).once('close', goOn);
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (reply.statusCode === TOO_LARGE) reply.removeHeader('connection');
    done();
  });
  fastify.addHook('onResponse', ({ raw }, _reply, done) => {
    if (!raw.complete && !raw.destroyed) {
      const cut = setTimeout(() => raw.socket.destroy(), DRAIN_MS).unref();
      const settle = () => {
        clearTimeout(cut);
      };
      raw.once('end', settle).once('close', settle);
      raw.unpipe();
      raw.resume();
    }
    done();
  });
}
