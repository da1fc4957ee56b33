import { Agent, METHODS, request } from 'node:http';
import { connect } from 'node:net';
import { type FuzzAnswer, rawAnswers } from './raw-answers';
import { rawBytes, type WireRequest } from './wire-request';

/** Far beyond any answer; what takes longer hangs. */
const WITHIN_MS = 30_000;
const EVENTS = 'text/event-stream';
const UNUSUAL = /^(connection|expect|host|transfer-encoding|upgrade|te|content-length)$/i;
const IDEMPOTENT = /^(GET|HEAD|OPTIONS)$/;

/** Sends over kept connections what an HTTP client would send, and anything else byte by byte. */
export class FuzzClient {
  private readonly agent: Agent;

  constructor(
    private readonly origin: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @returns no answer where the service hung up; null where it did not speak HTTP. */
  send(wire: WireRequest): Promise<FuzzAnswer[] | null> {
    return isUsual(wire) ? this.usual(wire) : this.raw(wire);
  }

  close(): void {
    this.agent.destroy();
  }

  private usual(wire: WireRequest): Promise<FuzzAnswer[] | null> {
    const { method, target, headers, body } = wire;
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.origin);
      const sent = request({
        agent: this.agent,
        hostname,
        port,
        method,
        path: target,
        headers: headers.flat() as unknown as Record<string, string>,
        timeout: WITHIN_MS,
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${WITHIN_MS} ms`)));
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // The service closed a kept connection while we wrote to it, of which it may have read nothing; or it answered and
        // hung up while we still wrote, and that answer is lost to this kind of client.
        const isStale = sent.reusedSocket && error.code === 'ECONNRESET';
        if (isStale && IDEMPOTENT.test(method)) this.usual(wire).then(resolve, reject);
        else if (isStale || error.code === 'EPIPE') this.raw(wire).then(resolve, reject);
        else reject(error);
      });
      sent.on('response', (answer) => {
        const chunks: Buffer[] = [];
        const end = () => {
          const pairs = answer.rawHeaders;
          resolve([
            {
              status: answer.statusCode!,
              headers: pairs.flatMap((name, i): [string, string][] =>
                i % 2 === 0 ? [[name.toLowerCase(), pairs[i + 1]!]] : [],
              ),
              text: Buffer.concat(chunks).toString(),
            },
          ]);
        };
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          // Events may come for as long as a run lasts.
          if (answer.headers['content-type']?.startsWith(EVENTS)) answer.destroy();
        });
        answer.on('close', end);
        answer.on('error', end);
      });
      sent.end(body ?? undefined);
    });
  }

  private raw(wire: WireRequest): Promise<FuzzAnswer[] | null> {
    const { hostname, port } = new URL(this.origin);
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect(Number(port), hostname);
      socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error(`no answer within ${WITHIN_MS} ms`)));
      socket.write(rawBytes(wire, [['Connection', 'close']]));
      // The service would wait for the rest of the body.
      if (wire.framing === 'cut' || wire.framing === 'short') socket.end();
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        if (chunk.includes(EVENTS)) socket.destroy();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        // It answers and hangs up while we still write.
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      });
      socket.on('close', () => {
        resolve(rawAnswers(Buffer.concat(chunks), wire.method));
      });
    });
  }
}

function isUsual({ method, target, headers, framing }: WireRequest): boolean {
  return (
    framing === 'length' &&
    METHODS.includes(method) &&
    method !== 'CONNECT' &&
    /^\/[\x21-\x7e]*$/.test(target) &&
    headers.every(
      ([name, value], i) =>
        /^[\w-]+$/.test(name) &&
        /^[\x20-\x7e]*$/.test(value) &&
        // The first is ours, and a length is right where there is one.
        (!UNUSUAL.test(name) || i === 0 || i === headers.length - 1),
    )
  );
}
