import type { Framing, FuzzRequest, Piece } from './fuzz-request';
import type { Header } from './odd-headers';
import { type Owner, type PlantedIds, withIds } from './planted-ids';
import { twistPath } from './twists';

/** What goes over the wire, ids and lengths in place. */
export interface WireRequest {
  method: string;
  target: string;
  headers: Header[];
  body: Buffer | null;
  framing: Framing;
}

export function wireRequest(
  request: FuzzRequest,
  origin: string,
  ids: Record<Owner, PlantedIds>,
): WireRequest {
  const path = request.twists.reduce(twistPath, withIds(request.path, ids));
  const body = request.body && Buffer.concat(request.body.map((piece) => pieceBytes(piece, ids)));
  const { framing } = request;
  const own = request.headers.map(([name, value]): Header => [name, withIds(value, ids)]);
  const host: Header[] = own.some(([name]) => name === 'Host') ? [] : [['Host', new URL(origin).host]];
  const headers = [...host, ...own, ...lengthHeaders(framing, body?.length ?? 0, body !== null)];
  return {
    method: request.method,
    target: path + withIds(request.query, ids),
    headers,
    body: body && (/chunked|both/.test(framing) ? chunked(body) : body),
    // A length of its own is wrong, and the service may wait for more.
    framing: own.some(([name]) => /^(transfer-encoding|content-length)$/i.test(name)) ? 'cut' : framing,
  };
}

/** As bytes, and to send it again by `nc`. */
export function rawBytes({ method, target, headers, body }: WireRequest, more: Header[] = []): Buffer {
  const lines = [...headers, ...more].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`),
    body ?? Buffer.alloc(0),
  ]);
}

function pieceBytes(piece: Piece, ids: Record<Owner, PlantedIds>): Buffer {
  if (typeof piece === 'string') return Buffer.from(withIds(piece, ids));
  return 'base64' in piece
    ? Buffer.from(piece.base64, 'base64')
    : Buffer.from(piece.repeat.repeat(piece.times));
}

function lengthHeaders(framing: Framing, length: number, hasBody: boolean): Header[] {
  if (!hasBody) return [];
  switch (framing) {
    case 'length':
      return [['Content-Length', String(length)]];
    case 'chunked':
      return [['Transfer-Encoding', 'chunked']];
    case 'both':
      return [
        ['Content-Length', '4'],
        ['Transfer-Encoding', 'chunked'],
      ];
    case 'short':
      return [['Content-Length', String(length >> 1)]];
    case 'cut':
      return [['Content-Length', String(length + 10)]];
    case 'none':
      return [];
  }
}

function chunked(body: Buffer): Buffer {
  if (body.length === 0) return Buffer.from('0\r\n\r\n');
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
}
