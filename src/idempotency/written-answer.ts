import type { Answer } from './answer';

/** An answer as it goes over the wire, and as it is kept for whoever sends the request again. */
export interface WrittenAnswer {
  status: number;
  location: string | null;
  /** The body's JSON. It is written once, so that a replay has the same bytes. */
  text: string;
  /** Whether it is the answer of an earlier request. */
  replayed: boolean;
}

export function writtenAnswer({ status, location, body }: Answer): WrittenAnswer {
  return { status, location, text: JSON.stringify(body), replayed: false };
}
