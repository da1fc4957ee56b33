import { createHash } from 'node:crypto';
import type { RunResponse } from './dto/run.response';
import { hasEnded } from './has-ended';

export interface RunEvent {
  /** Of this state and no other: when it was written, and a digest of it. */
  id: string;
  isLast: boolean;
  /** As it goes over the wire. */
  text: string;
}

/** A state of a run as a server-sent event: `progress`, or `end` for the last one. */
export function runEvent(run: RunResponse): RunEvent {
  // JSON has no line breaks of its own, so it is one line of data.
  const data = JSON.stringify(run);
  const digest = createHash('sha256').update(data).digest('hex').slice(0, 8);
  const id = `${run.updated_at.getTime()}-${digest}`;
  const isLast = hasEnded(run);
  return { id, isLast, text: `event: ${isLast ? 'end' : 'progress'}\nid: ${id}\ndata: ${data}\n\n` };
}
