import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Problem } from './problem';

const STATUS_OF: Record<string, { status: number; detail: string } | undefined> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The headers of the request are larger than 16 KiB.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request did not arrive in time.' },
};

/** Answers what Node could not read as HTTP. There is no request yet, so the problem is written to the socket. */
export function refuseUnparsable(
  error: Error & { code?: string; rawPacket?: unknown },
  socket: Socket,
): void {
  // A connection that the client has reset takes no answer.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, detail } = STATUS_OF[error.code ?? ''] ?? {
    status: 400,
    detail: 'The request is not valid HTTP.',
  };
  const title = STATUS_CODES[status] ?? 'Error';
  const request_id = randomUUID();
  const problem: Problem = { type: 'about:blank', title, status, detail, instance: '/', request_id };
  // HEAD takes no body, and as far as can be seen of what could not be read.
  const isHead = Buffer.isBuffer(error.rawPacket) && error.rawPacket.toString('latin1', 0, 5) === 'HEAD ';
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\nX-Request-Id: ${request_id}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${isHead ? '' : body}`,
  );
}
