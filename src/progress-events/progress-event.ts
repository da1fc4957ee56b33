import { createHash } from 'node:crypto';

export interface ProgressEvent {
  /** Of this state and no other: when it was written, and a digest of it. */
  id: string;
  isLast: boolean;
  /** As it goes over the wire. */
  text: string;
}

/** A state of some work as a server-sent event: `progress`, or `end` for the last one. */
export function progressEvent(state: { updated_at: Date }, isLast: boolean): ProgressEvent {
  // JSON has no line breaks of its own, so it is one line of data.
  const data = JSON.stringify(state);
  const digest = createHash('sha256').update(data).digest('hex').slice(0, 8);
  const id = `${state.updated_at.getTime()}-${digest}`;
  return { id, isLast, text: `event: ${isLast ? 'end' : 'progress'}\nid: ${id}\ndata: ${data}\n\n` };
}
