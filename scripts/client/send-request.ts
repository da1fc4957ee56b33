import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';

interface Request {
  method: string;
  headers: Record<string, string>;
  body?: string | AsyncIterable<Buffer>;
  signal: AbortSignal;
}

interface Answer {
  status: number;
  /** Parsed, or null where it is no JSON. */
  body: unknown;
}

/** Not `fetch`, which gives up on an answer after five minutes: a large file may take longer to be read. */
export async function sendRequest(url: URL, { body, ...options }: Request): Promise<Answer> {
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { ...options, agent: false });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  const sent = pipeline(typeof body === 'string' ? [body] : (body ?? []), request);
  // An upload that is refused is cut off, and its answer says why; one that cannot be sent has none.
  sent.catch(() => undefined);
  request.on('error', () => undefined);
  const [answer] = await answered;
  return { status: answer.statusCode ?? 0, body: parse(await text(answer)) };
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
