import type { Twist } from './twists';

/** Text in UTF-8, bytes, or many times the same, which is printed and shrunk as what it is. */
export type Piece = string | { base64: string } | { repeat: string; times: number };

/**
 * How the length of the body is told: rightly (`length`, `chunked`), as smuggling does (`both`, `short`), not at all
 * (`none`), or by a client that hangs up before its end (`cut`).
 */
export type Framing = 'length' | 'chunked' | 'both' | 'short' | 'none' | 'cut';

/** A request before it is bytes. Its texts may hold tokens for ids, as in `planted-ids.ts`. */
export interface FuzzRequest {
  method: string;
  path: string;
  twists: Twist[];
  /** With its question mark, or empty. */
  query: string;
  headers: [name: string, value: string][];
  body: Piece[] | null;
  framing: Framing;
  /** The template of the route that it is meant for. */
  template: string;
}
