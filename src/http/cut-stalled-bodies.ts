import type { FastifyInstance } from 'fastify';
import { refuseUnparsable } from './unparsable-request';

const STALLED = Object.assign(new Error('the body has stalled'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

/**
 * Ends a request whose body stands still: a slow line may take long, a silent one holds a connection and a spooled file
 * for nothing. A socket's own time-out would also end who waits for us, while a large file is written for one.
 */
export function cutStalledBodies(fastify: FastifyInstance, stallMs: number): void {
  fastify.addHook('onRequest', ({ raw }, reply, done) => {
    done();
    const hasBody =
      raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length']) > 0;
    if (!hasBody || raw.complete) return;
    let read = -1;
    let isSilent = false;
    // Silent at two looks in a row, since what was sent may lie in the kernel while we take nothing.
    const look = setInterval(() => {
      if (raw.complete || reply.raw.headersSent) {
        clearInterval(look);
        return;
      }
      const { bytesRead } = raw.socket;
      const wasSilent = isSilent;
      isSilent = bytesRead === read && raw.readableLength === 0;
      read = bytesRead;
      if (!isSilent || !wasSilent) return;
      clearInterval(look);
      raw.socket.once('finish', () => raw.destroy());
      refuseUnparsable(STALLED, raw.socket);
    }, stallMs / 2).unref();
    raw.once('close', () => {
      clearInterval(look);
    });
  });
}
